"""`sample_data/truth.toml` says what the sample corpus holds, and here it is held to the files.

The files are read with the standard library, not with corpusqa: a truth that the product had read for us could share
the product's mistakes.
"""

import csv
import json
import re
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "sample_data"
TRUTH = tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))
KINDS = {"ad", "prompt", "legal", "credit", "bio", "related", "navigation", "residue"}

#: What a newcomer should meet in the sample; a class that loses its last example fails here.
BOILERPLATE = {
    *("ad-marker", "newsletter", "subscribe", "share", "follow", "sign-in", "comment", "comment-rules", "support"),
    *("copyright", "syndication", "byline", "photo-credit", "doubled-credit", "contributor", "contact", "agency"),
    *("bio", "related-heading", "related-headline", "related-inline", "teaser", "breadcrumb", "read-time", "counter"),
    *("media-placeholder", "hole", "byline-hole", "slug", "separator", "markup"),
}
REPEATED = {"pasted-twice", "corrected-paste", "pull-quote", "pull-quote-before", "doubled-caption"}
WHOLE = {"nearly-empty", "mojibake", "list-page", "truncated", "all-caps"}
NEGATIVE = {"speaker-label", "refrain", "comment-refusal", "subheading", "newsletter-in-prose", "copyright-in-prose"}


def texts() -> dict[str, str]:
    """Every document's text by its doc_id."""
    found = {}
    for path in sorted(SAMPLE.rglob("*")):
        source = path.relative_to(SAMPLE).as_posix()
        if path.suffix == ".txt":
            found[source] = path.read_bytes().decode("utf-8")
        elif path.suffix == ".jsonl":
            records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            found |= {record["id"]: record["text"] for record in records}
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                found |= {f"{source}#{row}": record["body"] for row, record in enumerate(csv.DictReader(file))}
    return found


TEXTS = texts()
PARAGRAPHS = {doc_id: [line.strip() for line in text.splitlines() if line.strip()] for doc_id, text in TEXTS.items()}
DEFECTS = {(defect["document"], defect["position"]): defect for defect in TRUTH["defect"]}
NEGATIVES = {(negative["document"], at) for negative in TRUTH["negative"] for at in negative["positions"]}
UNLABELLED = {document["document"] for document in TRUTH["document"] if not document["labelled"]}


def every_paragraph():
    for doc_id, paragraphs in PARAGRAPHS.items():
        if doc_id not in UNLABELLED:
            yield from (((doc_id, position), text) for position, text in enumerate(paragraphs))


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def shingles(text: str, n: int) -> set[tuple[str, ...]]:
    words = tokens(text)
    return {tuple(words[i : i + n]) for i in range(max(1, len(words) - n + 1))}


def jaccard(left: set, right: set) -> float:
    return len(left & right) / len(left | right)


def content(doc_id: str) -> str:
    return "\n".join(text for i, text in enumerate(PARAGRAPHS[doc_id]) if (doc_id, i) not in DEFECTS)


class TestTruthAgreesWithTheFiles:
    @pytest.mark.parametrize("defect", TRUTH["defect"], ids=lambda d: f"{d['document']}:{d['position']}")
    def test_defect_stands_where_it_is_listed(self, defect):
        assert PARAGRAPHS[defect["document"]][defect["position"]].startswith(defect["text"])
        if defect["label"] == "boilerplate":
            assert defect["kind"] in KINDS
            assert "repeats" not in defect
        else:
            assert defect["label"] == "repeated"
            assert "kind" not in defect

    def test_nothing_is_listed_twice(self):
        assert len(DEFECTS) == len(TRUTH["defect"])

    def test_a_negative_is_no_defect(self):
        assert not NEGATIVES & DEFECTS.keys()
        assert all(position < len(PARAGRAPHS[doc_id]) for doc_id, position in NEGATIVES)

    def test_glued_furniture_ends_a_paragraph_of_content(self):
        for glued in TRUTH["glued"]:
            at = glued["document"], glued["position"]
            assert at not in DEFECTS
            assert glued["kind"] in KINDS
            text = PARAGRAPHS[at[0]][at[1]]
            assert text.endswith(glued["text"])
            assert text != glued["text"]

    def test_each_outlet_has_its_documents(self):
        """A document of the JSON lines is known by its id, so it is counted as what the paths leave over."""
        paths = [outlet["path"] for outlet in TRUTH["outlet"]]
        found = Counter(next((p for p in paths if doc_id.startswith(p)), "ids") for doc_id in TEXTS)
        assert sorted(found.values()) == sorted(outlet["documents"] for outlet in TRUTH["outlet"])


class TestRepeats:
    @pytest.mark.parametrize(
        "defect",
        [defect for defect in TRUTH["defect"] if defect["label"] == "repeated"],
        ids=lambda d: f"{d['document']}:{d['position']}",
    )
    def test_says_again_what_the_kept_copy_says(self, defect):
        paragraphs, kept = PARAGRAPHS[defect["document"]], defect["repeats"]
        again, copy = paragraphs[defect["position"]], paragraphs[kept]
        assert (defect["document"], kept) not in DEFECTS
        assert (kept > defect["position"]) == (defect["class"] == "pull-quote-before")
        assert (again == copy) == (defect["class"] == "pasted-twice")
        short, long = sorted((shingles(again, 3), shingles(copy, 3)), key=len)
        assert len(short & long) / len(short) >= 0.75

    def test_no_other_paragraph_repeats(self):
        """Of 8 tokens and more; furniture may."""
        for doc_id, paragraphs in PARAGRAPHS.items():
            kept = [text for i, text in enumerate(paragraphs) if (doc_id, i) not in DEFECTS and len(tokens(text)) >= 8]
            assert len(set(kept)) == len(kept), doc_id


class TestTruthIsComplete:
    def test_what_is_furniture_once_is_furniture_everywhere(self):
        """Digits masked. A headline that other pages list as a teaser is the one thing that is both, and listed."""

        def masked(text: str) -> str:
            return re.sub(r"\d", "0", " ".join(tokens(text)) or text)

        furniture = {
            masked(text) for at, text in every_paragraph() if DEFECTS.get(at, {}).get("label") == "boilerplate"
        }
        unlisted = [at for at, text in every_paragraph() if masked(text) in furniture and at not in DEFECTS]
        assert set(unlisted) == {at for at in unlisted if at in NEGATIVES}

    def test_content_that_recurs_across_documents_is_listed(self):
        """As a negative, unless the documents are copies of one article."""
        cluster = {doc_id: n for n, copies in enumerate(TRUTH["duplicate"]) for doc_id in copies["documents"]}
        homes: dict[str, set] = {}
        for at, text in every_paragraph():
            if at not in DEFECTS and at not in NEGATIVES:
                homes.setdefault(text, set()).add(cluster.get(at[0], at[0]))
        assert [text for text, found in homes.items() if len(found) > 1] == []


class TestDuplicates:
    def test_copies_are_as_similar_as_listed(self):
        for copies in TRUTH["duplicate"]:
            pairs = list(combinations(copies["documents"], 2))
            kept = min(jaccard(shingles(content(a), 5), shingles(content(b), 5)) for a, b in pairs)
            as_read = min(jaccard(shingles(TEXTS[a], 5), shingles(TEXTS[b], 5)) for a, b in pairs)
            assert copies["kept"] == pytest.approx(kept, abs=0.006)
            assert copies["as_read"] == pytest.approx(as_read, abs=0.006)
            assert (copies["relation"] == "exact") == (len({TEXTS[doc_id] for doc_id in copies["documents"]}) == 1)

    def test_near_copies_show_only_without_their_furniture(self):
        """The default threshold is 0.8: as read all of them lie below it, kept all above."""
        near = [copies for copies in TRUTH["duplicate"] if copies["relation"] == "near"]
        assert all(copies["as_read"] < 0.8 < copies["kept"] for copies in near)
        assert sorted(len(copies["documents"]) for copies in near) == [2, 2, 2, 3]

    def test_no_article_resembles_another_by_accident(self):
        shingled = {doc_id: shingles(content(doc_id), 5) for doc_id in TEXTS}
        listed = {frozenset(pair) for copies in TRUTH["duplicate"] for pair in combinations(copies["documents"], 2)}
        for left, right in combinations(TEXTS, 2):
            if frozenset((left, right)) not in listed:
                assert jaccard(shingled[left], shingled[right]) < 0.05, (left, right)


class TestTheSampleShowsEverything:
    def test_size(self):
        assert len(TEXTS) >= 64
        assert len(TRUTH["outlet"]) == 4
        assert {language for outlet in TRUTH["outlet"] for language in outlet["languages"]} == {"de", "en"}

    @pytest.mark.parametrize(
        ("table", "expected"),
        [("defect", BOILERPLATE | REPEATED), ("document", WHOLE), ("negative", NEGATIVE)],
    )
    def test_every_class_is_there(self, table, expected):
        assert expected <= {entry["class"] for entry in TRUTH[table]}

    def test_every_kind_is_there_in_both_languages(self):
        german = ("kranzfelder-anzeiger.csv#", "nordkai/")
        for of_language in (True, False):
            found = {
                defect["kind"]
                for defect in TRUTH["defect"]
                if "kind" in defect
                and (defect["document"].startswith(german) and "/en/" not in defect["document"]) is of_language
            }
            assert found == KINDS

    def test_furniture_is_a_tenth_to_a_fifth_of_the_words(self):
        words = Counter()
        for at, text in every_paragraph():
            words[DEFECTS.get(at, {"label": "content"})["label"]] += len(text.split())
        assert 0.10 <= words["boilerplate"] / words.total() <= 0.20

    def test_articles_are_of_an_articles_length(self):
        odd = {document["document"] for document in TRUTH["document"] if document["class"] in WHOLE - {"mojibake"}}
        for doc_id in TEXTS.keys() - odd:
            assert 120 <= len(content(doc_id).split()) <= 450, doc_id


class TestCharacters:
    def test_only_the_planted_article_is_mojibake(self):
        planted = {document["document"] for document in TRUTH["document"] if document["class"] == "mojibake"}
        assert {doc_id for doc_id, text in TEXTS.items() if re.search("Ã|â€", text)} == planted

    def test_its_characters_come_back(self):
        """It is UTF-8 read as Windows-1252 and nothing worse, so a repair can be held against it."""
        [planted] = [document["document"] for document in TRUTH["document"] if document["class"] == "mojibake"]
        assert "für Räder" in TEXTS[planted].encode("cp1252").decode("utf-8")

    def test_some_files_have_windows_line_ends_and_none_mixes_them(self):
        kinds = Counter(
            "mixed" if (crlf := raw.count(b"\r\n")) not in (0, raw.count(b"\n")) else "crlf" if crlf else "lf"
            for raw in (path.read_bytes() for path in SAMPLE.rglob("*.txt"))
        )
        assert kinds["mixed"] == 0
        assert kinds["crlf"] >= 4
        assert kinds["lf"] > kinds["crlf"]
