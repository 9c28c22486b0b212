"""The user's word: what is always furniture, and what is always content, whatever the evidence says.

`[boilerplate] approve` and `ignore` list texts, or templates with `⟨…⟩` for what changes. A text speaks for the
paragraphs that read the same but for capitals, white space and the form of quotation marks; a template for those that
fit it. Either speaks for whole paragraphs, not for a stretch of one, and for the group (see `boilerplate`) of which it
is the text or the template, so that the line that `corpusqa show RUN GROUP` prints speaks for all that it counts.

Of several entries that a paragraph fits, a text wins over a template, the template that fixes more over one that fixes
less, and `ignore` over `approve`. What fits nothing is told: a list grows stale as pages change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from corpusqa import boilerplate, config, fingerprint
from corpusqa.errors import UnusableSettings
from corpusqa.expressions import contains, mentions
from corpusqa.matching import fixed, is_template, pattern, plain, spaced
from corpusqa.slots import SLOT

APPROVED, IGNORED = "approved", "ignored"
LISTS = {APPROVED: "approve", IGNORED: "ignore"}  #: the setting in which each is written
#: What a text must have to fit a template, where that can be said: a word of letters that capitals do not change.
WORD = r"[a-z0-9]{3,}"
WORDLESS = r"^[^\p{L}\p{N}]*$"
HITS = pl.Schema({"row": pl.UInt32, "entry": pl.UInt32})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the user's lists."""

    text: str
    verdict: str  #: approved or ignored
    kind: str | None  #: of what is approved, when it says so


@dataclass(frozen=True)
class Word:
    """The user's lists, ready to be looked up; empty for most runs, and then it costs nothing."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, settings: config.Boilerplate) -> Word:
        """The lists of these settings.

        Raises UnusableSettings for an entry that is in both of them, or that would fit everything.
        """
        approved = [Entry(entry.text, APPROVED, entry.kind) for entry in settings.approve]
        entries = (*approved, *(Entry(text, IGNORED, None) for text in settings.ignore))
        _check(entries)
        return cls(entries)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def hits(self, texts: pl.Series, keys: pl.Series) -> pl.DataFrame:
        """Every `row` of these texts and `entry` that speaks for it; `keys` are the texts' `fingerprint.keys`."""
        numbered = pl.DataFrame({"text": texts, "key": keys}).with_row_index("row")
        return pl.concat([pl.DataFrame(schema=HITS), self._same(numbered), self._fitting(numbered)])

    def group_hits(self, groups: pl.DataFrame) -> pl.DataFrame:
        """The same for groups (`text`, `template`): what speaks for their most frequent form, or is their template."""
        keys = pl.Series(fingerprint.keys(groups["text"])[0])
        named = pl.DataFrame({"plain": plain(groups["template"])}).with_row_index("row").drop_nulls()
        by_template = named.join(self._table.select("entry", "plain"), on="plain").select(HITS.names())
        return pl.concat([self.hits(groups["text"], keys), by_template])

    def on_paragraphs(self, marked: pl.DataFrame, texts: pl.Series, hits: pl.DataFrame) -> pl.DataFrame:
        """The paragraphs as the lists have them: `rule` approved where they approve, `ignored` where they ignore.

        `marked` is what the rules found (`rule`, `kind`, `score`, the span), `texts` and `hits` are of the same rows.
        """
        said = self._said(hits, len(marked))
        approved, ignored = said["verdict"] == APPROVED, (said["verdict"] == IGNORED).fill_null(False)
        kind = pl.coalesce(said["kind"], "kind", _likely(texts, approved))
        none = pl.lit(None)
        own = {"rule": pl.lit(APPROVED), "kind": kind, "score": pl.lit(1.0), "span_start": none, "span_end": none}
        changed = [pl.when(approved).then(value).when(~ignored).then(name).alias(name) for name, value in own.items()]
        return marked.with_columns(*changed, ignored=ignored)

    def on_groups(self, groups: pl.DataFrame) -> pl.DataFrame:
        """The groups as the lists have them."""
        said = self._said(self.group_hits(groups), len(groups))
        approved, spoken = said["verdict"] == APPROVED, said["verdict"].is_not_null()
        label = pl.when(approved).then(pl.lit("boilerplate")).otherwise(pl.lit("content"))
        kind = pl.when(approved).then(pl.coalesce(said["kind"], "kind", _likely(groups["text"], approved)))
        own = {"label": label, "kind": kind, "rule": pl.lit(said["verdict"]), "score": pl.lit(1.0)}
        return groups.with_columns(
            pl.when(spoken).then(value).otherwise(name).alias(name) for name, value in own.items()
        )

    def deciding(self, texts: Sequence[str], groups: Sequence[Mapping[str, Any] | None]) -> list[str | None]:
        """For each paragraph of these texts and groups the entry that decides about it, as it is written."""
        if not self:
            return [None] * len(texts)
        own = self.speaking(pl.Series(texts, dtype=pl.String))
        return [
            entry if entry or group is None else self.speaking_of(group)
            for entry, group in zip(own, groups, strict=True)
        ]

    def speaking(self, texts: pl.Series) -> list[str | None]:
        """For each text the entry that decides about it, as it is written."""
        said = self._said(self.hits(texts, pl.Series(fingerprint.keys(texts)[0])), len(texts))
        return [None if number is None else self.entries[number].text for number in said["entry"]]

    def speaking_of(self, group: Mapping[str, Any]) -> str | None:
        """The entry that decides about a group (`text`, `template`)."""
        frame = pl.DataFrame([group], schema={"text": pl.String, "template": pl.String})
        number = self._said(self.group_hits(frame), 1)["entry"].item()
        return None if number is None else self.entries[number].text

    def unheard(self, heard: pl.DataFrame, groups: pl.DataFrame) -> list[str]:
        """The entries that speak for nothing, as they are to be told; `heard` has those that fit a paragraph."""
        fits = {*heard["entry"], *self.group_hits(groups)["entry"]}
        silent = (entry for number, entry in enumerate(self.entries) if number not in fits)
        return [f"boilerplate.{LISTS[entry.verdict]} {entry.text!r}" for entry in silent]

    @cached_property
    def _table(self) -> pl.DataFrame:
        """A row an entry, the strongest first: what it says, and in which form it is compared."""
        texts = pl.Series([entry.text for entry in self.entries], dtype=pl.String)
        table = pl.DataFrame(
            {
                "entry": pl.int_range(len(texts), dtype=pl.UInt32, eager=True),
                "plain": plain(texts),
                "key": fingerprint.keys(texts)[0],
                "verdict": pl.Series([entry.verdict for entry in self.entries], dtype=pl.String),
                "kind": pl.Series([entry.kind for entry in self.entries], dtype=pl.String),
                "template": pl.Series([is_template(entry.text) for entry in self.entries], dtype=pl.Boolean),
            }
        )
        fixes = pl.col("plain").str.replace_all(SLOT, "", literal=True).str.len_chars()
        order = ["template", fixes, "verdict", "entry"]
        return table.sort(order, descending=[False, True, True, False]).with_row_index("rank")

    def _same(self, numbered: pl.DataFrame) -> pl.DataFrame:
        """The texts that an entry without slots is.

        Equal texts have equal keys, so that few are compared. Those without words have not, where a blank is another.
        """
        exact = self._table.filter(~pl.col("template"))
        candidate = pl.col("key").is_in(exact["key"].implode())
        if exact["plain"].str.contains(WORDLESS).any():
            candidate |= pl.col("text").str.contains(WORDLESS)
        some = numbered.filter(candidate)
        return some.with_columns(plain(some["text"]).alias("plain")).join(exact, on="plain").select(HITS.names())

    def _fitting(self, numbered: pl.DataFrame) -> pl.DataFrame:
        """The texts that fit a template."""
        found = [pl.DataFrame(schema=HITS)]
        templates = [(number, entry.text) for number, entry in enumerate(self.entries) if is_template(entry.text)]
        for group, literals in _together(templates):
            some = numbered.filter(mentions(numbered["text"], literals)) if literals else numbered
            some = some.select("row", plain(some["text"]).alias("plain"))
            for number, template in group:
                own = some.filter(_framed(fixed(template)))
                fits = contains(own["plain"], pattern(template))
                found.append(own.filter(fits).select("row", entry=pl.lit(number, pl.UInt32)))
        return pl.concat(found)

    def _said(self, hits: pl.DataFrame, n: int) -> pl.DataFrame:
        best = hits.join(self._table, on="entry").sort("row", "rank").unique("row", keep="first", maintain_order=True)
        rows = pl.DataFrame({"row": pl.int_range(n, dtype=pl.UInt32, eager=True)})
        return rows.join(best, on="row", how="left", maintain_order="left").select("entry", "verdict", "kind")


def _likely(texts: pl.Series, wanted: pl.Series) -> pl.Series:
    """What these texts would be if no rule knew their words; null where it is not wanted."""
    some = pl.DataFrame({"text": texts}).with_row_index("row").filter(wanted)
    kinds = some.with_columns(n_words=pl.col("text").str.count_matches(r"\S+")).select("row", boilerplate.likely_kind())
    rows = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return rows.join(kinds, on="row", how="left", maintain_order="left").to_series(1)


def _together(templates: Sequence[tuple[int, str]]) -> list[tuple[list[tuple[int, str]], list[str]]]:
    """The templates that have a word to look for first, with those words, and the rest, with none."""
    words = {number: _longest_word(template) for number, template in templates}
    known = [(number, template) for number, template in templates if words[number]]
    others = [(number, template) for number, template in templates if not words[number]]
    literals = [word for number, _ in known if (word := words[number])]
    return [(group, found) for group, found in ((known, literals), (others, [])) if group]


def _framed(pieces: Sequence[str]) -> pl.Expr:
    """Whether a plain text begins, or ends, as these pieces of a template say: cheap to tell, and seldom so."""
    own = pl.col("plain")
    if pieces[0]:
        return own.str.starts_with(pieces[0])
    return own.str.ends_with(pieces[-1]) if pieces[-1] else own.str.contains(max(pieces, key=len), literal=True)


def _longest_word(template: str) -> str | None:
    words = pl.Series(fixed(template)).str.extract_all(WORD).explode(empty_as_null=False).to_list()
    return max(words, key=len, default=None)


def _check(entries: Sequence[Entry]) -> None:
    """Raise UnusableSettings unless each entry says something, and no two say different things of one text."""
    known: dict[str, Entry] = {}
    for entry, own in zip(entries, plain(pl.Series([entry.text for entry in entries], dtype=pl.String)), strict=True):
        place = f"boilerplate.{LISTS[entry.verdict]}"
        if not own.replace(SLOT, "").strip():
            raise UnusableSettings(
                f"{place} has the entry {entry.text!r}, which would fit every paragraph. Give it words, or take it out."
            )
        if is_template(entry.text):
            _compiled(entry.text, place)
        other = known.setdefault(own, entry)
        if other.verdict != entry.verdict:
            raise UnusableSettings(
                f"{entry.text!r} is in boilerplate.approve and in boilerplate.ignore, and cannot be both furniture and "
                "content. Take it out of one of them."
            )
        if other.kind != entry.kind:
            raise UnusableSettings(
                f"{entry.text!r} is in {place} twice, as {other.kind or 'of no kind'} and as "
                f"{entry.kind or 'of no kind'}. Keep one of the two."
            )


def _compiled(template: str, place: str) -> None:
    """Raise UnusableSettings for a template that is too long to be looked for."""
    try:
        pl.Series([""]).str.contains(pattern(template))
    except pl.exceptions.ComputeError:
        raise UnusableSettings(
            f"{place} has a template of {len(template):,} characters, {template[:40]!r}…, which is too long to be "
            "looked for. Give its first and last words, with ⟨…⟩ for those between."
        ) from None


def lines(text: str, kind: str | None) -> tuple[str, str]:
    """The lines to paste into `approve` and into `ignore` for this text or template.

    >>> lines('Related: ⟨…⟩', "related")
    ('{text = "Related: ⟨…⟩", kind = "related"},', '"Related: ⟨…⟩",')
    """
    own = _quoted(spaced(pl.Series([text])).item())
    return (f'{{text = {own}, kind = "{kind}"}},' if kind else f"{own},"), f"{own},"


def _quoted(text: str) -> str:
    r"""The text as TOML has it; what a screen does not show is written by its number.

    >>> print(_quoted('Say "no"\\ \u202e'))
    "Say \"no\"\\ \u202e"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = [c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in escaped]
    return f'"{"".join(shown)}"'
