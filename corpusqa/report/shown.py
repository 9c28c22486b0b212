"""Scraped text made fit for a screen: nothing in it is invisible, and nothing in it can turn the line around.

A report that shows evidence must not be fooled by it. A right-to-left override makes a byline read backwards, a zero
width space makes two names look like one, a control character may do anything. They are replaced by their code points
in angle brackets, `⟨U+202E⟩`, which the page then sets apart. Joiners between the letters of scripts that need them,
and between the parts of an emoji, stay: there they are spelling.
"""

from __future__ import annotations

import re

#: Characters of a paragraph on the screen; a single line of a megabyte would stop the browser, not inform the reader.
PARAGRAPH_CAP = 5_000
#: Characters of a title, an id or a site in a table: three lines on a phone.
LABEL_CAP = 160

#: What stands for an unseen character.
ESCAPED = re.compile("(⟨U\\+[0-9A-F]{4,6}⟩)")
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, save the tab and the line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0"  # soft hyphen, joiner, Arabic mark, empty letters
    "\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, separators, bidi, annotations
    "\U000e0000-\U000e007f"  # tags
    "\ud800-\udfff"  # half a surrogate pair: text no file could hold
    "]"
    "|(?<![^\x00-\x7f\\s])[\u200c\u200d]"  # a joiner after ASCII or nothing has nothing to join
    "|[\u200c\u200d](?![^\x00-\x7f\\s])"
)


def visible(text: str) -> str:
    r"""The text with every unseen character spelled out.

    >>> visible("ab\u202ecd\x07")
    'ab⟨U+202E⟩cd⟨U+0007⟩'
    >>> visible("می\u200cخواهم") == "می\u200cخواهم"
    True
    """
    return _UNSEEN.sub(_code_point, text)


def label(text: str, cap: int = LABEL_CAP) -> str:
    r"""One line of at most `cap` characters, visible, for a table.

    >>> label("A title\n on two  lines", cap=14)
    'A title on tw…'
    """
    line = " ".join(text[: 4 * cap].split())
    return visible(line if len(line) <= cap else line[: cap - 1] + "…")


def _code_point(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
