"""Where limits are drawn: at the outliers of a corpus, or between what was called good and what was called bad."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpusqa.errors import UnusableInput
from corpusqa.gating import thresholds
from corpusqa.gating.curves import rounded
from corpusqa.gating.labels import read_labels

NAN = float("nan")


class TestOuter:
    def test_the_fence_where_it_is_further_out_than_the_quantile(self):
        """Quartiles 1 and 3, so the outer fence is at 3 + 3 × 2."""
        values = np.array([0.0, 1, 2, 3, 4])
        assert thresholds.outer(values, "max_value", 0.5) == 9.0
        assert thresholds.outer(values, "min_value", 0.5) == -5.0

    def test_the_quantile_where_a_tail_is_long(self):
        values = np.concatenate([np.zeros(990), np.arange(1, 11)])
        assert thresholds.outer(values, "max_value", 0.005) == 5.0
        assert int(thresholds.rejects(values, "max_value", 5.0).sum()) == 5

    def test_no_limit_where_all_are_alike(self):
        assert thresholds.outer(np.array([2.0, 2, NAN]), "max_value", 0.01) is None
        assert thresholds.outer(np.array([NAN]), "max_value", 0.01) is None

    @given(st.lists(st.floats(0, 1e6), min_size=2, max_size=60), st.sampled_from([0.001, 0.01, 0.1]))
    @settings(max_examples=60, deadline=None)
    def test_no_more_are_left_out_than_was_asked(self, numbers, share):
        values = np.array(numbers)
        for side in ("min_value", "max_value"):
            limit = thresholds.outer(values, side, share)
            if limit is not None:
                assert thresholds.rejects(values, side, limit).sum() <= share * len(values) + 1e-9


class TestBest:
    BAD = np.array([False, False, False, True, True])

    def test_between_the_last_kept_and_the_first_rejected(self):
        values = np.array([0.1, 0.2, 0.3, 0.7, 0.9])
        assert thresholds.best(values, self.BAD, "max_value", "youden") == 0.5
        assert thresholds.best(-values, self.BAD, "min_value", "youden") == -0.5

    def test_what_has_no_value_is_rejected(self):
        values = np.array([0.1, 0.2, 0.3, NAN, 0.9])
        limit = thresholds.best(values, self.BAD, "max_value", "f1")
        assert thresholds.score(thresholds.rejects(values, "max_value", limit), self.BAD, "f1") == 1.0

    def test_nothing_to_choose_between(self):
        assert thresholds.best(np.array([1.0, 1, 1, NAN, 1]), self.BAD, "max_value", "youden") is None

    @pytest.mark.parametrize("aim", ["youden", "f1"])
    @pytest.mark.parametrize("side", ["min_value", "max_value"])
    @given(data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_no_other_limit_scores_better(self, side, aim, data):
        """Against every limit there is, tried one by one."""
        rows = data.draw(
            st.lists(
                st.tuples(st.sampled_from([0.0, 0.1, 0.25, 1.0, 7.0, NAN]), st.booleans()), min_size=2, max_size=25
            )
        )
        values, bad = np.array([value for value, _ in rows]), np.array([own for _, own in rows])
        limit = thresholds.best(values, bad, side, aim) if 0 < bad.sum() < len(bad) else None
        if limit is None:
            return
        known = np.unique(values[~np.isnan(values)])
        others = known[:-1] if side == "max_value" else known[1:]
        scores = [thresholds.score(thresholds.rejects(values, side, other), bad, aim) for other in others]
        assert thresholds.score(thresholds.rejects(values, side, limit), bad, aim) == pytest.approx(max(scores))

    def test_a_metric_that_tells_nothing_scores_nothing_on_labels_that_it_was_not_chosen_by(self):
        """On those that it was chosen by, chance alone gives it something."""
        chosen, tested = [], []
        for seed in range(20):
            values, bad = np.random.default_rng(seed).random(60), np.arange(60) % 2 == 0
            limit = thresholds.best(values, bad, "max_value", "youden")
            chosen.append(thresholds.score(thresholds.rejects(values, "max_value", limit), bad, "youden"))
            tested.append(thresholds.tested(values, bad, "max_value", "youden"))
        assert np.mean(chosen) > 0.1
        assert abs(np.mean(tested)) < 0.05


class TestNumbers:
    @given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.booleans())
    def test_a_number_between_parts_the_two(self, one, other, upwards):
        lower, upper = sorted((one, other))
        if lower == upper:
            return
        found = thresholds.between(lower, upper, upwards=upwards)
        assert lower < found <= upper if upwards else lower <= found < upper

    @given(st.floats(1e-9, 1e9), st.booleans())
    def test_rounding_goes_one_way_and_not_far(self, value, upwards):
        found = rounded(value, upwards)
        assert found >= value * (1 - 1e-12) if upwards else found <= value * (1 + 1e-12)
        assert abs(found - value) <= value * 0.1 + 1e-12


IDS = pl.Series([f"d{i}" for i in range(20)])
ROWS = [(f"d{i}", "good" if i < 8 else "bad") for i in range(16)]


def written(path, rows, header="doc_id,label"):
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


class TestLabels:
    def test_rows_of_the_run_in_its_order(self, tmp_path):
        labels = read_labels(written(tmp_path / "l.csv", [*reversed(ROWS), ("gone", " GOOD ")]), IDS)
        assert labels.rows.tolist() == list(range(16))
        assert labels.bad.tolist() == [False] * 8 + [True] * 8
        assert labels.n_unknown == 1

    @pytest.mark.parametrize("name", ["l.jsonl", "l.ndjson", "l.tsv"])
    def test_other_formats(self, name, tmp_path):
        frame = pl.DataFrame(ROWS, schema=["doc_id", "label"], orient="row")
        file = tmp_path / name
        frame.write_csv(file, separator="\t") if name == "l.tsv" else frame.write_ndjson(file)
        assert read_labels(file, IDS).rows.tolist() == list(range(16))

    @pytest.mark.parametrize(
        ("rows", "header", "says"),
        [
            (ROWS, "id,label", "no column 'doc_id', only 'id', 'label'"),
            ([*ROWS, ("d17", "ugly")], "doc_id,label", "labels 'ugly'"),
            ([*ROWS, ("d17", "")], "doc_id,label", "labels None"),
            ([*ROWS, ("d1", "bad")], "doc_id,label", "'d1' both good and bad"),
            (ROWS[:10], "doc_id,label", "8 documents of the run good and 2 bad"),
            ([], "doc_id,label", "0 documents of the run good and 0 bad"),
        ],
        ids=["no id", "another label", "none", "both", "too few", "empty"],
    )
    def test_what_cannot_be_used_is_said(self, rows, header, says, tmp_path):
        with pytest.raises(UnusableInput, match=says):
            read_labels(written(tmp_path / "l.csv", rows, header), IDS)

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"doc_id": ', b""], ids=["bytes", "half a line", "nothing"])
    def test_a_file_of_another_kind(self, content, tmp_path):
        (tmp_path / "l.jsonl").write_bytes(content)
        with pytest.raises(UnusableInput):
            read_labels(tmp_path / "l.jsonl", IDS)

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(UnusableInput, match="cannot be read"):
            read_labels(tmp_path / "gone.csv", IDS)
