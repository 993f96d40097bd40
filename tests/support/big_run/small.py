"""A small run whole, all pages of which are full."""

from pathlib import Path

import pytest

from tests.support.big_run.size import Size
from tests.support.big_run.writing import write_run
from tests.support.shared import built_once

SMALL = Size(
    name="small",
    internal=400,
    external=600,
    internal_left_out=20,
    external_left_out=40,
    members=2,
    shown=200,
    features=8,
    epochs=3,
)


def small_run(temporary: pytest.TempPathFactory) -> Path:
    """The folder of a run of that size, without images, that no test changes."""
    return built_once(temporary, "small-run", lambda folder: write_run(folder, size=SMALL)) / SMALL.name
