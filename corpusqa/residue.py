"""What a single paragraph shows of itself: furniture that is known by its wording.

The rules are data, in `residue.toml` beside this module, and every case that they list is a test. The wording alone is
never enough, since journalism is written about newsletters, copyright and comment sections too: a rule says how long a
paragraph may be that it marks, and where in a document it may stand.

`look` says in one pass over the text which rules are worth trying where (see `screening`), and `find` tries them there:
first those that fire wherever a paragraph stands, then those for the edges of a document, which only paragraphs at an
edge meet. `inside` finds what is glued to a sentence, in paragraphs that are content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import teasers
from corpusqa.expressions import contains
from corpusqa.rules import Rule, first_word, plain, shipped
from corpusqa.screening import Mask, Rows, Screen, Seen, Tries, screen
from corpusqa.tables import SPAN
from corpusqa.texts import Texts

RULES: tuple[Rule, ...] = shipped()
SCHEMA = pl.Schema(
    {"rule": pl.String, "kind": pl.String, "score": pl.Float64, "span_start": pl.UInt32, "span_end": pl.UInt32}
)
INSIDE = pl.Schema({"row": pl.UInt32, **SPAN.to_schema()})

#: Paragraphs without a mark that may stand between the edge of a document and a paragraph "at" that edge: headline,
#: standfirst and caption at the head, a note or two at the tail. More reaches into the body of short articles.
AT_HEAD, AT_TAIL = 3, 2
#: Other paragraphs that a document must have for the absence of a name to say something.
BODY = 4

#: A character of Thai, Japanese, Chinese or Korean, whose words do not end with a space, or not all.
RUN_ON = r"^[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]$"

#: A number before the first word.
NUMBERED = r"^[^\pL]*\pN"

#: A line that says a credit twice, which no expression can say; of how many words it is at least.
TWICE = Rule(
    id="credit.doubled", kind="credit", language="any", lines=(), pattern="", heads=frozenset(), opening=None, needs=(),
    begins=(), max_words=24, where="any", stranger=False, score=0.9, tell=None, catch=(), spare=(),
)  # fmt: skip
SHORTEST_TWICE = 2

Hits = Iterable[tuple[int, Rows]]  #: rules, by their number, and the paragraphs on which they fire


def look(texts: Texts, rules: Sequence[Rule] = RULES) -> Seen:
    """What these texts have of what the rules ask for; `find` and `inside` take it, so that one look serves both."""
    return screen(tuple(rules)).look(texts)


def find(frame: pl.DataFrame, rules: Sequence[Rule] = RULES, seen: Seen | None = None) -> pl.DataFrame:
    """For each paragraph the rule that knows it: `rule`, `kind`, `score`, and `span_start`, `span_end` to underline.

    The frame has a row a paragraph, whole documents in their order: `text`, `n_words`, `position`. All is null where
    no rule fires. The span, in characters of the paragraph, is what gives it away, for rules that know: in "By , …" the
    hole. `seen` is what `look` says of the texts.
    """
    made = screen(tuple(rules))
    seen = made.look(Texts.of(frame["text"])) if seen is None else seen
    tries = Tries(made, frame["text"], frame["n_words"].to_numpy(), seen)
    by_words = [*_lines(tries), *_begun(tries)]
    named = (*rules, TWICE)
    first = np.full(len(frame), len(named), np.int32)
    _take(first, _placed("any", tries, by_words, np.ones(len(frame), np.bool_)))
    marked = _marked(frame, first, named)
    for place, stands in _standing(frame["position"].to_numpy(), marked):
        _take(first, _of_strangers(_placed(place, tries, by_words, stands), frame, marked, named))
    unknown = (first == len(named)) & (tries.n_words >= SHORTEST_TWICE) & (tries.n_words <= TWICE.max_words)
    first[_doubled(frame["text"], np.flatnonzero(unknown))] = len(rules)
    return _described(first, frame["text"], named)


def _placed(place: str, tries: Tries, by_words: Hits, stands: Mask) -> Hits:
    """What fires of the rules for this place: on what stands there, and has what they ask for."""
    rules = tries.screen.rules
    own = [n for n, rule in enumerate(rules) if rule.where == place and rule.pattern and not rule.begins]
    yield from tries.matches(own, stands)
    yield from ((number, rows[stands[rows]]) for number, rows in by_words if rules[number].where == place)


def _take(first: NDArray[np.int32], hits: Hits) -> None:
    """Keep for each paragraph the first rule that fires."""
    for number, rows in hits:
        first[rows] = np.minimum(first[rows], number)


def _marked(frame: pl.DataFrame, first: NDArray[np.int32], rules: Sequence[Rule]) -> Mask:
    """Which paragraphs are known already, wherever they stand: by a rule, or as teasers below a heading."""
    known = pl.DataFrame({"rule": pl.Series([*(rule.id for rule in rules), None], dtype=pl.String).gather(first)})
    mask: Mask = (known["rule"].is_not_null() | teasers.below_headings(frame, known)["rule"].is_not_null()).to_numpy()
    return mask


def _doubled(texts: pl.Series, rows: Rows) -> Rows:
    """Of these paragraphs the credits that stand twice: "Ada Berg/Agency Ada Berg/Agency"."""
    some = pl.DataFrame({"row": rows, "text": texts.gather(rows)}).filter(
        pl.col("text").str.contains("/", literal=True)
    )
    halves = [(row, text, len(text) // 2) for row, text in some.iter_rows()]
    return np.array([row for row, text, half in halves if text[:half] == text[half + 1 :]], np.int64)


@lru_cache(maxsize=8)
def _listed(made: Screen) -> pl.DataFrame:
    """Every `line` that a rule lists, with the `number` of the rule, and the words that the paragraph may have."""
    listed = [(line, number, rule.max_words) for number, rule in enumerate(made.rules) for line in rule.lines]
    return pl.DataFrame(listed, {"line": pl.String, "number": pl.Int32, "max_words": pl.UInt32}, orient="row")


def _lines(tries: Tries) -> Hits:
    """The paragraphs that are nothing but a line that a rule lists."""
    listed = _listed(tries.screen)
    short = tries.worded(listed)
    same = short.with_columns(line=plain(short["text"])).join(listed, "line")
    return _by_rule(same.filter(pl.col("n_words") <= pl.col("max_words")))


@lru_cache(maxsize=8)
def _first_words(made: Screen) -> pl.DataFrame:
    """Every `word` that a rule wants first, the `number` of the rule, and whether a number goes before (`numbered`)."""
    listed = [
        (word.lstrip("0"), number, rule.max_words, word.startswith("0"))
        for number, rule in enumerate(made.rules)
        for word in rule.begins
    ]
    schema = {"word": pl.String, "number": pl.Int32, "max_words": pl.UInt32, "numbered": pl.Boolean}
    return pl.DataFrame(listed, schema, orient="row")


def _begun(tries: Tries) -> Hits:
    """The paragraphs that begin with a word that a rule names, and match it.

    Words of scripts without spaces run on: there the first character is looked up.
    """
    listed = _first_words(tries.screen)
    short = tries.worded(listed)
    words = short.with_columns(word=first_word(short["text"]))
    heads = words.with_columns(pl.col("word").str.slice(0, 1))
    run_on = listed.filter(pl.col("word").str.contains(RUN_ON))
    begun = pl.concat([words.join(listed, "word"), heads.join(run_on, "word")])
    begun = begun.filter(~pl.col("numbered") | pl.col("text").str.contains(NUMBERED))
    for number, rows in _by_rule(begun.filter(pl.col("n_words") <= pl.col("max_words"))):
        yield number, tries.match(number, rows)


def _by_rule(found: pl.DataFrame) -> Hits:
    """The `row`s of each `number`."""
    for (number,), own in found.select("number", "row").group_by("number"):
        yield number, own["row"].unique().to_numpy().astype(np.int64)


def _standing(position: NDArray[np.uint32], marked: Mask) -> Iterator[tuple[str, Mask]]:
    """For each place which paragraphs stand there; those that are marked already do not count."""
    starts = np.flatnonzero(position == 0)
    sizes = np.diff(np.append(starts, len(marked)))
    others = np.concatenate(([0], np.cumsum(~marked)))
    before = others[:-1] - np.repeat(others[starts], sizes)
    after = np.repeat(others[starts + sizes], sizes) - others[1:]
    head, tail = before < AT_HEAD, after <= AT_TAIL
    yield from (("head", head), ("tail", tail), ("edge", head | tail), ("last", after == 0))


def _of_strangers(hits: Hits, frame: pl.DataFrame, marked: Mask, rules: Sequence[Rule]) -> Hits:
    """The hits without those of an author's note about somebody whom the article is about."""
    starts = np.append(np.flatnonzero(frame["position"].to_numpy() == 0), len(frame))

    def known(row: int) -> bool:
        start, stop = starts[np.searchsorted(starts, row, side="right") - 1 :][:2].tolist()
        others = ~marked[start:stop]
        others[row - start] = False
        texts = frame["text"][start:stop]
        named = texts.str.contains(_surname(texts[row - start]), literal=True).to_numpy()
        return others.sum() < BODY or bool((named & others).any())

    for number, rows in hits:
        yield number, np.array([row for row in rows.tolist() if not (rules[number].stranger and known(row))], np.int64)


def _surname(text: str) -> str:
    """The last of the names that a text begins with."""
    named = re.match(r"\W*(?:[^\W\d_a-zß-ÿ][\w.’'-]*\s)*[^\W\d_a-zß-ÿ][\w’'-]*", text)
    return re.sub(r"['’]s?$", "", named.group().split()[-1]) if named else text


def _described(first: NDArray[np.int32], texts: pl.Series, rules: Sequence[Rule]) -> pl.DataFrame:
    """A row for each text, with what the rule at its row says, and null elsewhere."""
    rows = np.flatnonzero(first < len(rules))
    chosen = [rules[number] for number in first[rows].tolist()]
    spans = [_tell(text, rule) for text, rule in zip(texts.gather(rows), chosen, strict=True)]
    said = pl.DataFrame(
        {
            "row": rows,
            "rule": [rule.id for rule in chosen],
            "kind": [rule.kind for rule in chosen],
            "score": [rule.score for rule in chosen],
            "span_start": [span and span[0] for span in spans],
            "span_end": [span and span[1] for span in spans],
        },
        schema={"row": pl.UInt32, **SCHEMA},
    )
    every = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return every.join(said, "row", how="left", maintain_order="left").drop("row")


def _tell(text: str, rule: Rule) -> tuple[int, int] | None:
    match = re.search(rule.tell, text) if rule.tell else None
    return match.span() if match else None


def inside(texts: pl.Series, rules: Sequence[Rule] = RULES, mentions: NDArray[np.uint64] | None = None) -> pl.DataFrame:
    """The stretches of furniture inside these texts, by the rules that look inside other text: `row`, and `SPAN`.

    They are in order, and none overlaps another of its text; `start` and `end` count characters. `mentions` are those
    that `look` found.
    """
    made = screen(tuple(rules))
    mentions = made.mentions.found(Texts.of(texts)) if mentions is None else mentions
    hit = np.zeros(len(texts), np.bool_)
    within = [number for number, rule in enumerate(rules) if rule.where == "inside"]
    for number in within:
        rows = np.flatnonzero(made.mentioning(mentions, number) & ~hit)
        hit[rows] = contains(texts.gather(rows), rules[number].pattern).to_numpy()
    rows = np.flatnonzero(hit)
    own = [rules[number] for number in within]
    found = [
        (row, *span) for row, text in zip(rows.tolist(), texts.gather(rows), strict=True) for span in _spans(text, own)
    ]
    return pl.DataFrame(found, INSIDE, orient="row")


def _spans(text: str, rules: Sequence[Rule]) -> list[tuple[int, int, str, str]]:
    """The stretches that any of the rules matches, the first rule's where two overlap."""
    taken: list[tuple[int, int, str, str]] = []
    for rule in rules:
        for match in re.finditer(rule.pattern, text):
            start, end = match.span(match.lastindex or 0)
            if end > start and all(end <= first or start >= last for first, last, *_ in taken):
                taken.append((start, end, rule.kind, rule.id))
    return sorted(taken)
