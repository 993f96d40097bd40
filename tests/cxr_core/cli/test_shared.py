"""What commands print of the datasets that they read."""

from dataclasses import replace

from cxr_core.cli.shared import tell_notes
from tests.support.labelled import manifest


def test_a_note_is_said_once_with_the_datasets_that_it_holds_for(capsys):
    notes = {"home": ("a", "b"), "away": ("a", "c", "b"), "far": ("a", "c")}
    tell_notes([replace(manifest(["x"], dataset=name), notes=said) for name, said in notes.items()])
    assert capsys.readouterr().out.splitlines() == [
        "  All of them", "    a", "  home, away", "    b", "  away, far", "    c"
    ]  # fmt: skip


def test_the_notes_of_one_dataset_stand_under_its_name_and_none_say_nothing(capsys):
    tell_notes([replace(manifest(["x"]), notes=("a",))])
    tell_notes([replace(manifest(["x"]), notes=())])
    assert capsys.readouterr().out.splitlines() == ["  home", "    a"]
