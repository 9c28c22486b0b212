"""What a single paragraph shows of itself: furniture that is known by its wording.

The rules are data, in `residue.toml` beside this module, and every case that they list is a test. The wording alone is
never enough, since journalism is written about newsletters, copyright and comment sections too: a rule says how long a
paragraph may be that it marks, and where in a document it may stand.

`find` tries all rules in one combined pattern, on short paragraphs only, and the single rules on the few per cent that
it stops at. `inside` finds what is glued to a sentence, in paragraphs that are content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corpusqa import teasers
from corpusqa.expressions import contains, mentions
from corpusqa.rules import Rule, first_word, plain, shipped
from corpusqa.tables import SPAN

RULES: tuple[Rule, ...] = shipped()
SCHEMA = pl.Schema(
    {"rule": pl.String, "kind": pl.String, "score": pl.Float64, "span_start": pl.UInt32, "span_end": pl.UInt32}
)
HITS = pl.Schema({"row": pl.UInt32, "order": pl.UInt32})

#: Paragraphs without a mark that may stand between the edge of a document and a paragraph "at" that edge: headline,
#: standfirst and caption at the head, a note or two at the tail. More reaches into the body of short articles.
AT_HEAD, AT_TAIL = 3, 2
#: Other paragraphs that a document must have for the absence of a name to say something.
BODY = 4
#: Rules are tried together with those that look at paragraphs of about the same length, in words.
LENGTHS = (12, 30)

#: A character of Thai, Japanese, Chinese or Korean, whose words do not end with a space, or not all.
RUN_ON = r"^[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]$"

#: A number before the first word.
NUMBERED = r"^[^\pL]*\pN"

#: Words of a line that says a credit twice.
DOUBLED = (2, 24)


def find(frame: pl.DataFrame, rules: Sequence[Rule] = RULES) -> pl.DataFrame:
    """For each paragraph the rule that knows it: `rule`, `kind`, `score`, and `span_start`, `span_end` to underline.

    The frame has a row a paragraph, whole documents in their order: `text`, `n_words`, `position`. All is null where
    no rule fires. The span, in characters of the paragraph, is what gives it away, for rules that know: in "By , …" the
    hole.
    """
    hits = _hits(frame, [(order, rule) for order, rule in enumerate(rules) if rule.where != "inside"])
    where = pl.Series([rule.where for rule in rules], dtype=pl.String)
    anywhere = hits.filter(where.gather(hits["order"]) == "any")
    first = anywhere.group_by("row").agg(pl.col("order").min())
    elsewhere = hits.filter(where.gather(hits["order"]) != "any")
    if len(elsewhere):
        marks = _described(first, frame["text"], rules)
        listed = teasers.below_headings(frame, marks)["rule"].is_not_null()
        marked = (marks["rule"].is_not_null() | listed).to_numpy()
        placed = elsewhere.filter(_stands(elsewhere, where, frame["position"].to_numpy(), marked))
        first = (
            pl.concat([first, _of_strangers(placed, frame, marked, rules)]).group_by("row").agg(pl.col("order").min())
        )
    return _with_doubled(frame, _described(first, frame["text"], rules))


def _with_doubled(frame: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The credits that stand twice in one line too: "Ada Berg/Agency Ada Berg/Agency", which no pattern can say."""
    n_chars = pl.col("text").str.len_chars()
    half = (n_chars - 1) // 2
    twice = pl.col("text").str.slice(0, half) == pl.col("text").str.slice(half + 1, half)
    short = frame.with_row_index("row").filter(pl.col("n_words").is_between(*DOUBLED), found["rule"].is_null())
    rows = short.filter(pl.col("text").str.contains("/", literal=True)).filter((n_chars % 2 == 1) & twice)["row"]
    here = pl.int_range(pl.len()).is_in(rows.implode())
    named = {"rule": "credit.doubled", "kind": "credit", "score": 0.9}
    return found.with_columns(
        pl.when(here).then(pl.lit(value)).otherwise(name).alias(name) for name, value in named.items()
    )


def _hits(frame: pl.DataFrame, rules: Sequence[tuple[int, Rule]]) -> pl.DataFrame:
    """Every `row` of the frame and `order` of a rule that fires on it, wherever it stands."""
    texts = frame.select("text", "n_words", row=pl.int_range(pl.len(), dtype=pl.UInt32))
    found = [_lines(texts, rules), *_begun(texts, rules)]
    for alike in _together(rules):
        longest = max(rule.max_words for _, rule in alike)
        some = _candidates(texts.filter(pl.col("n_words") <= longest), [rule for _, rule in alike])
        for order, rule in alike:
            fires = contains(some["text"], rule.pattern) & (some["n_words"] <= rule.max_words)
            found.append(some.filter(fires).select("row", order=pl.lit(order, pl.UInt32)))
    return pl.concat(found)


def _together(rules: Sequence[tuple[int, Rule]]) -> Iterable[list[tuple[int, Rule]]]:
    """The rules that have patterns, in groups whose candidates are looked for together.

    Those of a group look at paragraphs of about the same length, and are looked for in the same way. Openings are
    joined by kind: bylines are a small automaton, and prompts are, and the two together a very large one.
    """
    groups: dict[tuple[int, str], list[tuple[int, Rule]]] = {}
    for order, rule in rules:
        if rule.pattern and not rule.begins:
            way = rule.kind if rule.opening else "needs" if rule.needs else "all"
            groups.setdefault((bisect_left(LENGTHS, rule.max_words), way), []).append((order, rule))
    return groups.values()


def _candidates(texts: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """The paragraphs that any of the rules of a group may fire on."""
    if rules[0].opening:
        return texts.filter(contains(texts["text"], "|".join(f"(?:{rule.opening})" for rule in rules)))
    if rules[0].needs:
        return texts.filter(mentions(texts["text"], (literal for rule in rules for literal in rule.needs)))
    return texts


def _lines(texts: pl.DataFrame, rules: Sequence[tuple[int, Rule]]) -> pl.DataFrame:
    """The paragraphs that are nothing but a line that a rule lists."""
    listed = pl.DataFrame(
        {
            "line": [rule.lines for _, rule in rules],
            "order": [order for order, _ in rules],
            "max_words": [rule.max_words for _, rule in rules],
        },
        schema={"line": pl.List(pl.String), "order": pl.UInt32, "max_words": pl.UInt32},
    ).explode("line", empty_as_null=False)
    short = texts.filter(pl.col("n_words") <= max((rule.max_words for _, rule in rules if rule.lines), default=0))
    same = short.with_columns(line=plain(short["text"])).join(listed, "line")
    return same.filter(pl.col("n_words") <= pl.col("max_words")).select("row", "order")


def _begun(texts: pl.DataFrame, rules: Sequence[tuple[int, Rule]]) -> Iterable[pl.DataFrame]:
    """The paragraphs that begin with a word that a rule names, and match it.

    Words of scripts without spaces run on: there the first character is looked up.
    """
    named = {order: rule for order, rule in rules if rule.begins}
    if not named:
        return
    listed = (
        pl.DataFrame(
            {"word": [rule.begins for rule in named.values()], "order": list(named)},
            schema={"word": pl.List(pl.String), "order": pl.UInt32},
        )
        .explode("word", empty_as_null=False)
        .with_columns(pl.col("word").str.strip_chars_start("0"), numbered=pl.col("word").str.starts_with("0"))
    )
    short = texts.filter(pl.col("n_words") <= max(rule.max_words for rule in named.values()))
    words = short.with_columns(word=first_word(short["text"]))
    heads = words.with_columns(pl.col("word").str.slice(0, 1))
    run_on = listed.filter(pl.col("word").str.contains(RUN_ON))
    begun = pl.concat([words.join(listed, "word"), heads.join(run_on, "word")])
    begun = begun.filter(~pl.col("numbered") | pl.col("text").str.contains(NUMBERED))
    for (order,), some in begun.group_by("order"):
        fires = contains(some["text"], named[order].pattern)
        if fires.any():
            yield some.filter(fires & (some["n_words"] <= named[order].max_words)).select("row", "order")


def _stands(
    hits: pl.DataFrame, where: pl.Series, position: NDArray[np.uint32], marked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which hits stand where their rule wants them; paragraphs that are marked already do not count."""
    rows, place = hits["row"].to_numpy(), where.gather(hits["order"]).to_numpy()
    starts = np.flatnonzero(position == 0)
    document = np.searchsorted(starts, rows, side="right") - 1
    others = np.concatenate(([0], np.cumsum(~marked)))
    before = others[rows] - others[starts[document]]
    after = others[np.append(starts[1:], len(marked))[document]] - others[rows + 1]
    head, tail, last = before < AT_HEAD, after <= AT_TAIL, after == 0
    stands: NDArray[np.bool_] = np.select(
        [place == "head", place == "tail", place == "edge", place == "last"], [head, tail, head | tail, last], False
    )
    return stands


def _of_strangers(
    hits: pl.DataFrame, frame: pl.DataFrame, marked: NDArray[np.bool_], rules: Sequence[Rule]
) -> pl.DataFrame:
    """The hits without those of an author's note about somebody whom the article is about."""
    starts = np.append(np.flatnonzero(frame["position"].to_numpy() == 0), len(frame))

    def known(row: int) -> bool:
        start, stop = starts[np.searchsorted(starts, row, side="right") - 1 :][:2].tolist()
        others = np.setdiff1d(start + np.flatnonzero(~marked[start:stop]), [row])
        name = _surname(frame["text"][row])
        return len(others) < BODY or any(name in text for text in frame["text"].gather(others))

    about = [rules[order].stranger and known(row) for row, order in hits.iter_rows()]
    return hits.filter(~pl.Series(about, dtype=pl.Boolean))


def _surname(text: str) -> str:
    """The last of the names that a text begins with."""
    named = re.match(r"\W*(?:[^\W\d_a-zß-ÿ][\w.’'-]*\s)*[^\W\d_a-zß-ÿ][\w’'-]*", text)
    return re.sub(r"['’]s?$", "", named.group().split()[-1]) if named else text


def _described(first: pl.DataFrame, texts: pl.Series, rules: Sequence[Rule]) -> pl.DataFrame:
    """A row for each text, with what the rule at its row says, and null elsewhere."""
    found = first.sort("row")
    chosen = [rules[order] for order in found["order"]]
    spans = [_tell(text, rule) for text, rule in zip(texts.gather(found["row"]), chosen, strict=True)]
    said = pl.DataFrame(
        {
            "row": found["row"],
            "rule": [rule.id for rule in chosen],
            "kind": [rule.kind for rule in chosen],
            "score": [rule.score for rule in chosen],
            "span_start": [span and span[0] for span in spans],
            "span_end": [span and span[1] for span in spans],
        },
        schema={"row": pl.UInt32, **SCHEMA},
    )
    rows = pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    return rows.join(said, "row", how="left", maintain_order="left").drop("row")


def _tell(text: str, rule: Rule) -> tuple[int, int] | None:
    match = re.search(rule.tell, text) if rule.tell else None
    return match.span() if match else None


def inside(texts: pl.Series, rules: Sequence[Rule] = RULES) -> pl.Series:
    """Of each text the stretches of furniture in it, by the rules that look inside other text.

    A list of `start`, `end`, `kind`, `rule` in characters of the text, in order, none overlapping; empty for most.
    """
    within = [rule for rule in rules if rule.where == "inside"]
    numbered = pl.DataFrame({"text": texts, "row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
    some = numbered.filter(mentions(texts, (literal for rule in within for literal in rule.needs)))
    hits = pl.concat([some.clear(), *[some.filter(contains(some["text"], rule.pattern)) for rule in within]]).unique(
        "row"
    )
    found = pl.DataFrame(
        {"row": hits["row"], "spans": [_spans(text, within) for text in hits["text"]]},
        schema={"row": pl.UInt32, "spans": pl.List(SPAN)},
    )
    spans = numbered.select("row").join(found, "row", how="left", maintain_order="left")["spans"]
    return spans.fill_null([])


def _spans(text: str, rules: Sequence[Rule]) -> list[dict[str, object]]:
    """The stretches that any of the rules matches, the first rule's where two overlap."""
    taken: list[tuple[int, int, Rule]] = []
    for rule in rules:
        for match in re.finditer(rule.pattern, text):
            start, end = match.span(match.lastindex or 0)
            if end > start and all(end <= first or start >= last for first, last, _ in taken):
                taken.append((start, end, rule))
    return [
        {"start": start, "end": end, "kind": rule.kind, "rule": rule.id}
        for start, end, rule in sorted(taken, key=lambda found: found[0])
    ]
