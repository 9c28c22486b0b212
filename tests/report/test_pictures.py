"""The pictures in the README show what the report shows now. When they do not: make pictures."""

from __future__ import annotations

import pictures


def test_they_are_up_to_date(sample_run):
    assert pictures.digests(pictures.report_of(sample_run)) == pictures.taken_of(), "stale pictures: make pictures"


def test_the_readme_shows_each_of_them():
    readme = (pictures.ROOT / "README.md").read_text(encoding="utf-8")
    for name in pictures.ADDRESSES:
        file = pictures.FOLDER / f"{name}.png"
        assert f"({file.relative_to(pictures.ROOT)})" in readme
        assert file.read_bytes().startswith(b"\x89PNG")
