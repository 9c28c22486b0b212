"""What a text may end with that its source does not have: a signature under a quotation, a credit behind a caption."""

from __future__ import annotations

import re
from collections.abc import Callable

#: Characters of a signature at most: a name, a handle, a date, a link.
LONGEST = 120
#: Marks that end a sentence, and those that may also stand behind one.
ENDS, CLOSES = ".!?…。", '"”’»！？'
BRACKETS = ")]）】"


def _links(end: str) -> bool:
    return "http" in end or "pic." in end


def _dashes(end: str) -> bool:
    return end[-1] not in f"{ENDS}—–―" and any(dash in end for dash in "—–―-")


def _brackets(end: str) -> bool:
    return end[-1] in BRACKETS or (end[-1] == "." and end[-2:-1] in (*BRACKETS,))


def _open_ended(end: str) -> bool:
    return end[-1] not in ENDS + CLOSES


#: A link, a name behind a dash, a credit in brackets, or words behind the last full stop that have none; each with what
#: is quickly seen of an end that may have it. Most end in a full stop, and have none of them.
SIGNATURES: tuple[tuple[Callable[[str], bool], re.Pattern[str]], ...] = (
    (_links, re.compile(r"\s(?:https?://|pic\.twitter\.com/)\S.*$")),
    (_dashes, re.compile(r"\s*(?:[—–―]|--|\s-\s)\s*(?=[^\W\d_a-zß-ÿ]|@)[^—–―!?…。]*[^—–―.!?…。]$")),
    (_brackets, re.compile(r"\s*[(\[（【][^()\[\]（）【】]+[)\]）】]\.?$")),
    (
        _open_ended,
        re.compile(
            r"(?<![A-Z][.])(?<=[.!?…。！？\"”’»)])\s+(?=[^\W\d_a-zß-ÿ]|@)"
            r"(?:[^.!?…。！？]|(?<=[A-Z])\.)*[^.!?…。！？\"”’»]$"
        ),
    ),
)


def signed_from(text: str) -> int:
    """Where the signature or credit begins that a text ends with; the end of the text where there is none.

    >>> text = "We were told in May. — Ada Berg (@adaberg) June 3, 2019"
    >>> text[:signed_from(text)]
    'We were told in May.'
    """
    window = max(0, len(text) - LONGEST)
    end = text[window:]
    likely = (pattern for seen, pattern in SIGNATURES if end and seen(end))
    found = (pattern.search(text, window) for pattern in likely)
    return min((match.start() for match in found if match), default=len(text))
