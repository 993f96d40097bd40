"""The pictures of the README: three pages of the newest run, the second and third on its most frequent mistake."""

from pathlib import Path

import pytest

from docs import screenshots
from tests.support.real_run import RealRun


def test_the_most_frequent_external_mistake(real: RealRun) -> None:
    answers = real.answers()
    wrong = answers[(answers["role"] == "external_test") & (answers["class"] != answers["predicted"])]
    counts = wrong.groupby(["class", "predicted"]).size()
    true, predicted = screenshots.most_frequent_mistake(real.results)
    assert counts[true, predicted] == counts.max()


def test_without_a_run_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no complete run"):
        screenshots.most_frequent_mistake(tmp_path)
