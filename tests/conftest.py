"""What many tests share: the sample corpus, audited once, and the truth about it."""

import os
import tomllib
from pathlib import Path

import pytest

import corpusqa
from corpusqa import config

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_data"


@pytest.fixture(scope="session", autouse=True)
def _quiet_terminal():
    """Colour and width as in a pipe, whatever terminal the tests run in."""
    for name in ("FORCE_COLOR", "CORPUSQA_CONFIG"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory):
    """A finished run of sample_data."""
    return corpusqa.audit(SAMPLE, tmp_path_factory.mktemp("sample") / "run", settings=config.Settings(), workers=1)


@pytest.fixture(scope="session")
def truth():
    """What was planted in sample_data."""
    return tomllib.loads((SAMPLE / "truth.toml").read_text(encoding="utf-8"))
