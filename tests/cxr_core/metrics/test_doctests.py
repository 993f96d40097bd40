"""The examples in the docstrings of metrics, statistics and localization are true."""

import doctest
from importlib import import_module
from types import ModuleType

import pytest

NAMES = (
    "findings", "localization", "metrics.agreement", "metrics.calibration", "metrics.catalogue", "metrics.confusion",
    "metrics.cooccurrence", "metrics.curves", "metrics.influence", "metrics.losses", "metrics.mixes", "metrics.names",
    "metrics.neighbours", "metrics.baselines", "metrics.ranking", "statistics.design", "statistics.members",
    "statistics.shares",
)  # fmt: skip


@pytest.mark.parametrize("module", [import_module(f"cxr_core.{name}") for name in NAMES], ids=NAMES)
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
