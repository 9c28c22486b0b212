"""What a long number is: a telephone number, an address of the Internet, a card, an account, or none of these.

Digits are everywhere in text, so a number counts only when its form is that of the kind and of nothing more frequent:
check digits where the kind has them, national formats where it has not, and what stands before it. Dates, prices,
scores, versions, order numbers and ISBNs are the negative cases that hold these rules
(`tests/cases/pii.toml`).
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address

#: How far before a number its label is looked for, in characters.
CONTEXT = 28
LONGEST = (
    200  #: characters of a run that is looked at: a table of figures is none of these kinds, and may be a megabyte
)
MAX_DIGITS = 15  #: of a telephone number with its country (ITU-T E.164)

#: What, just before a number, says that it is one to call.
_LABEL = re.compile(
    r"(?:\b(?:tele?(?:phone|fon|foon|fono|fax)?|téléphone|teléfono|fax|mobile|mobil|móvil|handy|cell(?:phone)?|call|dial|"
    r"text|sms|whatsapp|hotline|ph|phone|rufnummer|puhelin|puh|tlf|tfno|tél)\b|тел(?:ефон)?|電話|电话|전화|τηλ)"
    r"[\s.:：)(]*(?:(?:us|at|on|me|no|number|nr|toll[- ]free|now|him|her|them)\b[\s.:]*)*\(?\+?$",
    re.IGNORECASE,
)
#: What, just before a number, says that it is something else.
_OTHER = re.compile(
    r"(?:\b(?:isbn(?:-1[03])?|issn|order|bestell(?:ung|nummer)?|invoice|rechnung(?:snummer)?|ref(?:erence)?|case|docket|"
    r"tracking|account|acct|konto(?:nummer)?|sku|zip|plz|patent|serial|id|vat|ein|ssn|doi|article|artikel(?:nummer)?|"
    r"no|nr|number|nummer|ticket)\b[\s.:#]*|#\s*|[$€£¥]\s*|[\w/=_&?%@~]-?|[.,:]\d*|\d[ \t])$",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:\b(?:v|ver|version|release|build|firmware|section|sec|chapter|clause|article|§|chrome|safari|update|patch)"
    r"|§)[\s./:]*$|[\w/-]$",
    re.IGNORECASE,
)
_DAY, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:1[5-9]|20)\d{2}"
_DATE = re.compile(
    rf"(?<![\d+]){_DAY}([./-]){_DAY}\1(?:{_YEAR}|\d{{2}})(?!\d|\1\d)"
    rf"|(?<![\d+]){_YEAR}(?:([./-]){_DAY}\2{_DAY}|[/-](?:{_YEAR}|\d{{2}}))(?!\d|[./-]\d)"
)

_NORTH_AMERICA = re.compile(
    r"(?<![\d./+-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}(?![\d/-]|\.\d)"
)
_INTERNATIONAL = re.compile(
    r"(?<!\d)(?:\+\(?|00(?=[1-9]\d{0,2}[ /-]))[1-9]\d{0,2}\)?(?:[ ./-]{0,2}\(?\d{1,12}\)?){1,7}"
)
_TRUNK = re.compile(r"(?<![\d./+-])(?<!\d )\(?0[1-9]\d{0,4}\)?(?: ?[/-] ?| )\d{2,}(?:[ /-]\d{2,}){0,4}(?![\d]|[.,]\d)")
_FRENCH = re.compile(r"(?<![\d./+-])0[1-9](?:[ .]\d{2}){4}(?![\d]|[.,]\d)")

_IP4 = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d-]|\.\d)"
)
_IP6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])")
#: What a text must have to hold an address of the sixth version.
MAYBE_IP6 = r":[0-9A-Fa-f]{0,4}:"

_CARD = re.compile(
    r"(?<![\d.-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5})(?![\d-]|\.\d)"
)
#: First digits and lengths of the cards in use (ISO/IEC 7812 registrants): Visa, Mastercard, American Express,
#: Discover, JCB, Diners Club, UnionPay, Maestro.
_ISSUERS = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|62\d{14,17}"
    r"|(?:5018|5020|5038|6304|6759|676[1-3])\d{8,15})"
)

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
#: What a text must have to hold an IBAN.
MAYBE_IBAN = r"[A-Z]{2}[0-9]{2}[ \u00a0]?[A-Z0-9]{4}[ \u00a0]?[A-Z0-9]{4}"
#: The length of an IBAN in each country (SWIFT, IBAN registry).
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip


def kind(number: str, before: str, after: str) -> dict[str, int]:
    """How many phones, ips and cards a run of digits and separators holds, with what stands before and behind it.

    >>> kind("(212) 555-0198", "Call ", ".")
    {'phones': 1, 'ips': 0, 'cards': 0}
    """
    plain = re.sub(r"[\u00a0\u2010-\u2013]", lambda found: " " if found[0] == "\u00a0" else "-", number)
    if len(number) > LONGEST or after[:1].isalnum() or after.startswith(("_", "@", "%")):
        return {"phones": 0, "ips": 0, "cards": 0}
    cards = sum(map(is_card, (found[0] for found in _CARD.finditer(plain))))
    ips = 0 if _VERSION.search(before) else len(_IP4.findall(plain))
    phones = 0 if cards or ips else _phones(plain, before)
    return {"phones": phones, "ips": ips, "cards": cards}


def is_card(number: str) -> bool:
    """Whether this is the number of a card: an issuer's first digits and length, and Luhn's check digit.

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = re.sub(r"\D", "", number)
    if not _ISSUERS.fullmatch(digits) or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def ibans(text: str) -> int:
    """How many IBANs the text has: the country's length, and 1 modulo 97 (ISO 13616).

    >>> ibans("DE89 3704 0044 0532 0130 00, not DE88 3704 0044 0532 0130 00")
    1
    """
    return sum(_is_iban(re.sub(r"\s", "", found)) for found in _IBAN.findall(text))


def _is_iban(found: str) -> bool:
    length = _IBAN_LENGTHS.get(found[:2], 0)
    if not length or len(found) < length:
        return False
    number = found[:length]
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def ip6s(text: str) -> int:
    """How many addresses of the Internet's sixth version the text has. Times and `std::vector` are none.

    >>> ip6s("2001:db8::8a2e:370:7334 at 10:30:45")
    1
    """
    return sum(map(_is_ip6, _IP6.findall(text)))


def _is_ip6(found: str) -> bool:
    groups = [group for group in found.split(":") if group]
    if len(groups) < 3 or not any(map(str.isdigit, "".join(groups))):
        return False
    try:
        IPv6Address(found)
    except ValueError:
        return False
    return True


def _phones(number: str, before: str) -> int:
    """The telephone numbers in a run: by its label, else by a format that nothing else has."""
    without_dates = _DATE.sub("|", number)
    labelled = _LABEL.search(before) is not None
    if labelled and 7 <= _n_digits(without_dates.partition("|")[0]) <= MAX_DIGITS:
        return 1
    if not labelled and _OTHER.search(before):
        return 0
    rest, found = without_dates, 0
    for pattern, least in ((_NORTH_AMERICA, 10), (_INTERNATIONAL, 8), (_FRENCH, 10), (_TRUNK, 9)):
        matches = [match[0] for match in pattern.finditer(rest) if least <= _n_digits(match[0]) <= MAX_DIGITS]
        found += len(matches)
        for match in matches:
            rest = rest.replace(match, "|", 1)
    return found


def _n_digits(text: str) -> int:
    return sum(map(str.isdigit, text))
