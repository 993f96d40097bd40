"""What differs between the settings of runs, and how it is called."""

import json

from dashboard.overview.data.differences import differences
from dashboard.overview.text.runs import setting, setting_value
from dashboard.results.database import RunKey
from tests.support.results import Changed

CONFIG = {"experiment": {"seed": 0, "cap": None, "recipe": {"learning_rate": 0.005}, "saliency": {"images": 100}}}
OTHER = {"experiment": {"seed": 0, "cap": 805, "recipe": {"learning_rate": 0.001}, "saliency": {"images": 50}}}


def _run(changed: Changed, config: object, *, changed_ns: int) -> RunKey:
    key = changed(f"UPDATE run SET config = '{json.dumps(config)}'")  # noqa: S608 (ours)
    return RunKey(name=key.name, path=key.path, changed_ns=changed_ns)


def test_only_what_is_not_the_same_is_named(changed: Changed) -> None:
    first = _run(changed, CONFIG, changed_ns=11)
    assert differences([first, first]) == ()
    # The settings of the first run are remembered when the file is another.
    second = _run(changed, OTHER, changed_ns=12)
    found = {each.name: each.values for each in differences([first, second])}
    assert found == {"cap": (None, 805), "learning_rate": (0.005, 0.001), "saliency_images": (100, 50)}


def test_settings_are_said_in_words() -> None:
    assert [setting(name) for name in ("cap", "learning_rate")] == ["most training images of a class", "learning rate"]
    values = (None, True, 0.005, "one_cycle", ["full", "split"], [], 80)
    assert [setting_value(value) for value in values] == [
        "not set",
        "yes",
        "0.005",
        "one cycle",
        "full, split",
        "none",
        "80",
    ]
