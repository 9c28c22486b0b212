"""A suite file is plain great_expectations: its own tools (so its Airflow operator too) take it as it stands."""

import json

import great_expectations as gx
import pandas as pd
import pytest
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

from corpusqa.gating import gate, shipped_suites


def alone(frame, text):
    """What great_expectations says of a pandas frame by a suite's text, as its GXValidateDataFrameOperator asks it."""
    suite = gx.ExpectationSuite(**json.loads(text))
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults())
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("own").add_dataframe_asset("documents")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": frame})
    return suite, batch.validate(suite)


@pytest.mark.parametrize("name", shipped_suites())
def test_a_suite_works_unchanged(name, sample_run):
    """Every rule is taken and evaluated, and what it finds is what corpusqa finds."""
    text = shipped_suites()[name].read_text(encoding="utf-8")
    frame = pd.DataFrame(sample_run.documents.collect().to_dict(as_series=False))
    suite, whole = alone(frame, text)
    assert len(suite.expectations) == len(json.loads(text)["expectations"])
    found = {result.expectation_config.meta["rule_id"]: result for result in whole.results}
    ours = gate(sample_run, name)
    assert found.keys() == {rule.rule_id for rule in ours.rules}
    for rule in ours.rules:
        theirs = found[rule.rule_id]
        assert "raised_exception" not in theirs.exception_info or not theirs.exception_info["raised_exception"]
        assert theirs.success == rule.success, rule.rule_id
        if rule.by_document and not rule.n_missing:
            assert theirs.result["unexpected_count"] == rule.n_failed, rule.rule_id
