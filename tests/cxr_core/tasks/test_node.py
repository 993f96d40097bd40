"""A node that is not like the machine that gives out the work is refused, in words that say what to do."""

from dataclasses import replace

import pytest

from cxr_core import provenance
from cxr_core.errors import SettingsError
from cxr_core.tasks.node import Sender


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in ("SECOND_SITE_DATA", "SECOND_SITE_RESULTS", "SECOND_SITE_CACHE"):
        monkeypatch.delenv(name, raising=False)


def sent(roots):
    """From a machine with folders that are not here."""
    for root in roots.values():
        root.mkdir()
    sender = Sender.here(roots)
    for root in roots.values():
        root.rmdir()
    return sender


def test_what_is_not_there_yet_where_the_command_was_started_is_not_asked_for(tmp_path):
    Sender.here({"cache": tmp_path / "not-yet"}).check_node()


def test_the_same_program_with_the_same_folders_may_begin(tmp_path):
    Sender.here({"clinic": tmp_path, "results": tmp_path}).check_node()


def test_another_version_is_refused():
    sender = Sender.here({})
    older = replace(sender, versions=sender.versions | {"torch": "1.0"})
    with pytest.raises(SettingsError, match=r"has torch \d.*, expected 1\.0 as where the command was started"):
        older.check_node()


def test_builds_of_one_version_for_other_processors_are_the_same(monkeypatch):
    sender = Sender.here({})
    built = provenance.versions()
    monkeypatch.setattr(provenance, "versions", lambda: built | {"torch": built["torch"].partition("+")[0] + "+cu999"})
    sender.check_node()


def test_a_folder_is_looked_for_where_the_node_says(tmp_path, monkeypatch):
    (tmp_path / "mounted").mkdir()
    sender = sent({"clinic": tmp_path / "sent"})
    with pytest.raises(SettingsError, match=r"no folder .*/sent, .* for clinic.*SECOND_SITE_DATA=clinic=DIR"):
        sender.check_node()
    monkeypatch.setenv("SECOND_SITE_DATA", f"clinic={tmp_path / 'mounted'}")
    sender.check_node()


def test_a_folder_that_does_not_hold_what_it_holds_elsewhere_is_another(tmp_path, monkeypatch):
    (tmp_path / "sent" / "train").mkdir(parents=True)
    (tmp_path / "above" / "sent" / "train").mkdir(parents=True)
    sender = Sender.here({"clinic": tmp_path / "sent"})
    monkeypatch.setenv("SECOND_SITE_DATA", f"clinic={tmp_path / 'above'}")
    with pytest.raises(SettingsError, match=r"looks for clinic in .*/above, which does not hold what") as raised:
        sender.check_node()
    assert "train" not in str(raised.value)  # it may be a patient's name
    monkeypatch.setenv("SECOND_SITE_DATA", f"clinic={tmp_path / 'above' / 'sent'}")
    sender.check_node()


def test_what_comes_and_goes_in_results_and_cache_is_not_asked_for(tmp_path, monkeypatch):
    (tmp_path / "sent" / "another-run").mkdir(parents=True)
    (tmp_path / "mounted").mkdir()
    sender = Sender.here({"results": tmp_path / "sent", "cache": tmp_path / "sent"})
    monkeypatch.setenv("SECOND_SITE_RESULTS", str(tmp_path / "mounted"))
    monkeypatch.setenv("SECOND_SITE_CACHE", str(tmp_path / "mounted"))
    sender.check_node()


@pytest.mark.parametrize(("name", "variable"), [("results", "SECOND_SITE_RESULTS"), ("cache", "SECOND_SITE_CACHE")])
def test_results_and_cache_have_variables_of_their_own(name, variable, tmp_path, monkeypatch):
    sender = sent({name: tmp_path / "sent"})
    with pytest.raises(SettingsError, match=f"say where it lies by {variable} on"):
        sender.check_node()
    monkeypatch.setenv(variable, str(tmp_path))
    sender.check_node()
