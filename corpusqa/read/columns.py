"""Which column of a record is what: by a flag, else by the names that scrapers and corpora use.

Names are compared without regard to case, in the order below; the first that a record has is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from corpusqa.config import Read
from corpusqa.errors import UnusableInput

#: From news-please (maintext, date_publish), newspaper (publish_date), trafilatura (hostname), Common Crawl
#: derivatives (raw_content, target_uri), Hugging Face corpora (text, url, timestamp), feeds (guid, link, pubdate).
#: `source` is left out on purpose: it is a data set as often as a site.
USUAL = {
    "text": (
        *("text", "content", "body", "raw_content", "maintext", "main_text", "article_text", "full_text", "fulltext"),
        *("text_content", "page_content", "clean_text", "cleaned_text", "plain_text", "article", "document"),
    ),
    "id": ("id", "doc_id", "docid", "document_id", "article_id", "record_id", "_id", "uid", "uuid", "guid"),
    "url": ("url", "source_url", "page_url", "canonical_url", "target_uri", "uri", "link", "href", "permalink"),
    "site": ("site", "domain", "hostname", "host", "netloc", "website", "source_domain", "outlet", "publisher"),
    "date": (
        *("date", "published", "published_at", "publish_date", "published_date", "date_published", "date_publish"),
        *("publication_date", "pub_date", "pubdate", "datetime", "timestamp", "created_at"),
    ),
}
ROLES = tuple(USUAL)


@dataclass(frozen=True, slots=True)
class Columns:
    """The column of each role, or None where there is none; `text` is None when the records have no text."""

    text: str | None
    id: str | None
    url: str | None
    site: str | None
    date: str | None

    @property
    def given(self) -> list[str]:
        """The columns that there are, each once."""
        return list(dict.fromkeys(name for name in self.by_role() if name is not None))

    def by_role(self) -> tuple[str | None, ...]:
        """In the order of `ROLES`."""
        return (self.text, self.id, self.url, self.site, self.date)


def choose(names: Sequence[str], settings: Read) -> Columns:
    """The roles that these columns play; a flag that names another column gives that role nothing.

    >>> choose(["URL", "Body", "title"], Read())
    Columns(text='Body', id=None, url='URL', site=None, date=None)
    """
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    return Columns(*(_choose(role, names, folded, settings) for role in ROLES))


def _choose(role: str, names: Sequence[str], folded: dict[str, str], settings: Read) -> str | None:
    flag = flagged(role, settings)
    if flag is not None:
        return flag if flag in names else folded.get(flag.casefold())
    return next((folded[name] for name in USUAL[role] if name in folded), None)


def flagged(role: str, settings: Read) -> str | None:
    """The column that the settings name for this role."""
    value: str | None = getattr(settings, f"{role}_column")
    return value


def required(names: Sequence[str], settings: Read, where: str) -> Columns:
    """As `choose`, for a table: raises UnusableInput when a named column, or any text column, is not there."""
    columns = choose(names, settings)
    for role, name in zip(ROLES, columns.by_role(), strict=True):
        if name is None and flagged(role, settings) is not None:
            raise missing(role, names, settings, where)
    if columns.text is None:
        raise UnusableInput(
            f"No column of {where} has a usual name for text. It has: {', '.join(names)}. Name one with --text-column."
        )
    return columns


def missing(role: str, names: Sequence[str], settings: Read, where: str) -> UnusableInput:
    """The error for a flag that names a column which is not there."""
    name = flagged(role, settings) or ""
    return UnusableInput(f"{where} has no column {name!r}. {near(name, names)} Correct --{role}-column.")


def near(name: str, names: Sequence[str]) -> str:
    """The nearest of these names, or all of them.

    >>> near("tekst", ["id", "text"]), near("body", ["id", "text"])
    ("Did you mean 'text'?", 'It has: id, text.')
    """
    folded = {other.casefold(): other for other in names}
    close = get_close_matches(name.casefold(), folded, n=1)
    return f"Did you mean {folded[close[0]]!r}?" if close else f"It has: {', '.join(names) or 'none'}."
