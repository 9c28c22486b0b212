"""`repeat_*`, `boilerplate_*`, `residue_*`, `kept_*`, `duplicate_*`: what an audit found, as numbers a suite can judge.

Measured from the label of every paragraph (content, boilerplate, repeated), from the furniture found inside
paragraphs that stay content (`spans`), and from the near-duplicate clusters. Words are those that the paragraphs were
counted with, what stands between white space.
"""

from __future__ import annotations

import polars as pl

from corpusqa.metrics.registry import metric, ratio

#: What `by_document` counts in each document, all Int64.
PARAGRAPH_COLUMNS = (
    "labelled_words",
    "repeated_words",
    "repeated_paragraphs",
    "boilerplate_words",
    "boilerplate_paragraphs",
    "residue_words",
    "residues",
)
#: What the clusters say of each document.
CLUSTER_COLUMNS = {"similarity": pl.Float64()}

AUDIT = "corpusqa, audit"


def by_document(paragraphs: pl.DataFrame, n_documents: int, spans: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row for each document 0, 1, ...: how many of its words and paragraphs have which label.

    `paragraphs` has document, n_words, label, kind; `spans` (document, n_words, kind) is a row for each cut inside a
    paragraph that stays content, and counts as boilerplate words, not as a paragraph.
    """
    words, label, kind = pl.col("n_words").cast(pl.Int64), pl.col("label"), pl.col("kind")
    cuts = paragraphs.head(0) if spans is None else spans.with_columns(label=pl.lit("span"))
    found = pl.concat(
        [frame.select(pl.col("document").cast(pl.UInt32), words, label, kind) for frame in (paragraphs, cuts)]
    )
    furniture, residue = label.is_in(["boilerplate", "span"]), kind.eq_missing(pl.lit("residue"))
    counted = found.group_by("document").agg(
        labelled_words=words.filter(label != "span").sum(),
        repeated_words=words.filter(label == "repeated").sum(),
        repeated_paragraphs=(label == "repeated").sum(),
        boilerplate_words=words.filter(furniture).sum(),
        boilerplate_paragraphs=(label == "boilerplate").sum(),
        residue_words=words.filter(furniture & residue).sum(),
        residues=(furniture & residue).sum(),
    )
    everyone = pl.DataFrame({"document": pl.int_range(n_documents, dtype=pl.UInt32, eager=True)})
    rows = everyone.join(counted, on="document", how="left", maintain_order="left")
    return rows.select(pl.col(PARAGRAPH_COLUMNS).fill_null(0).cast(pl.Int64))


@metric(level="document", unit="share of words", better="lower", source=AUDIT)
def repeat_word_ratio() -> pl.Expr:
    """Share of the document's words in paragraphs that it has said before, exactly or nearly.

    Formula: words of paragraphs labelled repeated / words of all paragraphs. The copy that is kept does not count.
    Leads pasted twice, pull quotes, captions that repeat the text. Null without words.
    """
    return ratio("repeated_words", "labelled_words")


@metric(level="document", unit="paragraphs", better="lower", source=AUDIT)
def repeat_paragraphs() -> pl.Expr:
    """How many paragraphs the document has said before, exactly or nearly. The copy that is kept does not count.

    0 for a document without paragraphs.
    """
    return pl.col("repeated_paragraphs")


@metric(level="document", unit="share of words", better="lower", source=AUDIT)
def boilerplate_word_ratio() -> pl.Expr:
    """Share of the document's words that are page furniture: prompts, credits, teasers, legal lines, residue.

    Formula: words of paragraphs labelled boilerplate, and of furniture inside other paragraphs / words of all
    paragraphs. Grows with the corpus, since what recurs only shows in company. Null without words.
    """
    return ratio("boilerplate_words", "labelled_words")


@metric(level="document", unit="paragraphs", better="lower", source=AUDIT)
def boilerplate_paragraphs() -> pl.Expr:
    """How many paragraphs of the document are page furniture. 0 for a document without paragraphs."""
    return pl.col("boilerplate_paragraphs")


@metric(level="document", unit="share of words", better="lower", source=AUDIT)
def residue_word_ratio() -> pl.Expr:
    """Share of the document's words that only a machine leaves behind: separators, markup, file names, holes.

    Formula: words of boilerplate of the kind residue / words of all paragraphs. Part of `boilerplate_word_ratio`. Null
    without words.
    """
    return ratio("residue_words", "labelled_words")


@metric(level="document", unit="places", better="lower", source=AUDIT)
def residue_count() -> pl.Expr:
    """How many places of the document hold residue: separators, markup, file names, holes where a link was.

    Paragraphs of that kind, and such places inside other paragraphs. 0 for a document without paragraphs.
    """
    return pl.col("residues")


@metric(level="document", unit="words", better="higher", source=AUDIT)
def kept_n_words() -> pl.Expr:
    """How many words are left when repeats and furniture are cut, as `curate` does. 0 when nothing is."""
    return pl.col("labelled_words") - pl.col("repeated_words") - pl.col("boilerplate_words")


@metric(level="document", unit="share of words", better="higher", source=AUDIT)
def kept_word_ratio() -> pl.Expr:
    """Share of the document's words that are left when repeats and furniture are cut.

    Formula: `kept_n_words` / words of all paragraphs, which is 1 - `repeat_word_ratio` - `boilerplate_word_ratio`. A
    low value tells of a page that was mostly furniture, whatever is left: DCLM drops a document when its line rules
    cut more than 5 %. Null without words.
    """
    return pl.when(pl.col("labelled_words") > 0).then(kept_n_words() / pl.col("labelled_words"))


@metric(level="document", unit="Jaccard similarity", better="lower", source="corpusqa, clusters of near-duplicates")
def duplicate_similarity() -> pl.Expr:
    """How similar the document is to the kept one that it is a copy of: Jaccard of their word 5-grams.

    0 for a document that is kept, be it alone or the best of its cluster: never null, since "no copy" is a finding.
    What lies below the threshold of the run is not looked for.
    """
    return pl.col("similarity").fill_null(0.0)
