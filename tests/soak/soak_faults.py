"""What takes minutes: `make soak`. The suite runs the same for some seconds (test_soak.py)."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from cxr_core.pipeline.verify import verify
from cxr_core.pipeline.workspace import RunFolder
from tests.support.hospitals import write_chexpert, write_vinbigdata
from tests.support.in_place import overwrite_while_read
from tests.support.killed import begin, finish, predictions

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))


def test_ten_minutes_of_overwriting_end_no_server(tmp_path: Path) -> None:
    read = overwrite_while_read(tmp_path, seconds=SECONDS, environment=dict(os.environ))
    assert set(read) - {"not read"} <= {"a: 4000", "b: 9000"}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_killed_again_and_again_ends_with_the_same_predictions(tmp_path: Path, workers: int) -> None:
    hospitals = (write_vinbigdata(tmp_path / "vinbigdata"), write_chexpert(tmp_path / "chexpert"))
    (tmp_path / "undisturbed").mkdir()
    undisturbed = {"results": tmp_path / "undisturbed" / "results", "cache": tmp_path / "undisturbed" / "cache"}
    assert finish(begin(tmp_path, hospitals, **undisturbed, workers=workers))[0] == 0
    moments = random.Random(0)  # noqa: S311 -- moments to kill at, no secret
    for attempt in range(max(1, int(SECONDS / 60))):
        place = {"results": tmp_path / str(attempt) / "results", "cache": tmp_path / str(attempt) / "cache"}
        while True:
            process = begin(tmp_path, hospitals, **place, workers=workers)
            time.sleep(moments.uniform(3, 20))
            process.kill()
            code, said = finish(process)
            if code == 0:
                break
            assert code == -signal.SIGKILL, said
        assert predictions(place["results"]) == predictions(undisturbed["results"])
        found = verify(RunFolder(path=place["results"] / "one"), cache=place["cache"])
        assert all(one.is_right for one in found)
