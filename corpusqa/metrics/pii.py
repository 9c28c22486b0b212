"""`pii_*`: personal data that can be known by its form: addresses to write to, numbers to call, accounts to charge.

Counts, not verdicts: a newspaper prints its own telephone number on every page, and a leak prints each once. What is
counted follows from `recognisers`, whose rules prefer a number that is missed to a date or price that is taken for one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from corpusqa.kernels.numbers import long_numbers, maybe_accounts
from corpusqa.metrics import recognisers
from corpusqa.metrics.registry import metric
from corpusqa.metrics.shared import Columns, shared
from corpusqa.metrics.split import Numbers, Split

_EMAIL = r"\b[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}"
EMAIL = _EMAIL + r"[A-Za-z]{2,24}\b"
#: Names of pictures for dense screens (`logo@2x.png`) have the form of an address.
_PICTURE = _EMAIL + r"(?i:png|jpe?g|gif|svg|webp|avif)\b"
KINDS = ("phones", "ips", "cards")


@shared(*KINDS)
def numbers(split: Split) -> Columns:
    """Numbers that lead to a person."""
    texts = split.texts
    counts = np.zeros((len(texts), len(KINDS)), np.int64)
    for text, first, end in long_numbers(*split.bounds).tolist():
        start = max(int(texts.starts[text]), first - recognisers.CONTEXT)
        before, number, after = (
            texts.data[a:b].tobytes().decode(errors="ignore")
            for a, b in ((start, first), (first, end), (end, min(end + 4, int(texts.ends[text]))))
        )
        counts[text] += list(recognisers.kind(number, before, after).values())
    counts[:, KINDS.index("ips")] += _counted(split.series, recognisers.MAYBE_IP6, recognisers.ip6s)
    return dict(zip(KINDS, counts.T, strict=True))


@shared("ibans")
def ibans(split: Split) -> Columns:
    """International bank account numbers."""
    counts = np.zeros(len(split.texts), np.int64)
    maybe = np.flatnonzero(maybe_accounts(*split.bounds))
    counts[maybe] = _counted(split.texts.take(maybe).series(), recognisers.MAYBE_IBAN, recognisers.ibans)
    return {"ibans": counts}


def _counted(texts: pl.Series, maybe: str, count: Callable[[str], int]) -> Numbers:
    """What the function counts in each of the texts that have this expression; 0 in all others."""
    counts = np.zeros(len(texts), np.int64)
    rows = texts.str.contains(maybe).arg_true()
    for row, text in zip(rows, texts.gather(rows), strict=True):
        counts[row] = count(text)
    return counts


@metric(level="text", unit="addresses", better="lower", source="corpusqa; the usual part of RFC 5322")
def pii_email_count() -> pl.Expr:
    """How many e-mail addresses the text has.

    Handles (`@name`), addresses without a top-level domain and names of pictures (`logo@2x.png`) do not count; nor do
    addresses disguised as `name (at) domain`. 0 for an empty text.
    """
    text = pl.col("text")
    return text.str.count_matches(EMAIL).cast(pl.Int64) - text.str.count_matches(_PICTURE).cast(pl.Int64)


@metric(level="text", unit="numbers", better="lower", source="corpusqa; ITU-T E.164, national formats")
def pii_phone_count() -> pl.Expr:
    """How many telephone numbers the text has.

    Counted are numbers that begin with + or 00 and a country, North American ones (`(212) 555-0198`), those with a
    national 0 and nine digits or more in groups, and whatever of 7 to 15 digits follows "Tel", "call" or their like in
    a dozen languages. Dates, prices, scores, versions, ISBNs and order numbers do not count. 0 for an empty text.
    """
    return pl.col("phones")


@metric(level="text", unit="addresses", better="lower", source="corpusqa; RFC 791, RFC 4291")
def pii_ip_count() -> pl.Expr:
    """How many addresses of the Internet the text has, of the fourth or the sixth version (IPv4, IPv6).

    Four numbers with points after "version", "section" or a letter are no address, nor are times and MAC addresses.
    Private and reserved ones count. 0 for an empty text.
    """
    return pl.col("ips")


@metric(level="text", unit="numbers", better="lower", source="corpusqa; ISO/IEC 7812, Luhn")
def pii_card_count() -> pl.Expr:
    """How many numbers of payment cards the text has.

    13 to 19 digits, in one piece or grouped as on the card, with the first digits and the length of an issuer and a
    right check digit: of other numbers of that form one in ten passes the last. 0 for an empty text.
    """
    return pl.col("cards")


@metric(level="text", unit="numbers", better="lower", source="corpusqa; ISO 13616, SWIFT IBAN registry")
def pii_iban_count() -> pl.Expr:
    """How many International Bank Account Numbers the text has: length of the country, check digits modulo 97.

    0 for an empty text.
    """
    return pl.col("ibans")
