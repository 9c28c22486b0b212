"""Two documents side by side."""

from __future__ import annotations

from corpusqa.report.comparison import PARAGRAPHS, ROWS, Line, compare_texts


def lines(*paragraphs: str, marks: str = "") -> list[Line]:
    return [Line(i + 1, marks[i] if i < len(marks) else "u", text) for i, text in enumerate(paragraphs)]


def kinds(rows) -> list[str]:
    return [row.kind for row in rows]


def test_identical_texts_fold_into_one_line():
    rows = compare_texts(lines("one", "two", "three"), lines("one", "two", "three"))
    assert [row.note for row in rows] == ["3 identical paragraphs"]


def test_a_changed_paragraph_shows_its_words():
    rows = compare_texts(lines("The boat left on Monday at noon."), lines("The boat left on Friday at noon."))
    assert kinds(rows) == ["changed"]
    assert [(piece.kind, piece.text) for piece in rows[0].left_text] == [
        ("same", "The boat left on "),
        ("changed", "Monday"),
        ("same", " at noon."),
    ]
    assert "".join(piece.text for piece in rows[0].right_text) == "The boat left on Friday at noon."


def test_unlike_paragraphs_stand_alone():
    rows = compare_texts(lines("Apples and pears"), lines("Quite another thing"))
    assert kinds(rows) == ["left", "right"]


def test_what_was_set_aside_is_a_note_where_it_stood():
    left = lines("Ad", "one", "again", "two", "Footer", marks="buruxx")
    rows = compare_texts(left, lines("one", "two"))
    assert [row.note or row.left for row in rows] == [
        "¶1 set aside on the left: boilerplate",
        2,
        "¶3 set aside on the left: repeat",
        4,
        "¶5 set aside on the left: residue",
    ]


def test_context_is_kept_beside_a_change():
    left = lines(*"abcdefgh", "the old end of it all")
    rows = compare_texts(left, lines(*"abcdefgh", "the new end of it all"))
    assert [row.note or row.kind for row in rows] == ["7 identical paragraphs", "same", "changed"]


def test_a_long_text_is_compared_in_bounded_time_and_rows():
    left = lines(*(f"paragraph {i} of the left" for i in range(3 * PARAGRAPHS)))
    rows = compare_texts(left, lines(*(f"right {i}, quite different" for i in range(3 * PARAGRAPHS))))
    assert len(rows) == ROWS + 1
    assert rows[-1].note.endswith("not shown")


def test_empty_texts_compare():
    assert compare_texts([], []) == ()
    assert kinds(compare_texts([], lines("one"))) == ["right"]
