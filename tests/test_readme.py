"""The README is true of the code: its commands, pages, settings, datasets and classes; and it stays short."""

import re
from pathlib import Path

from cxr_core.cli.commands import COMMANDS
from cxr_core.cli.flags import _options
from cxr_core.datasets.registry import READERS
from cxr_core.findings import FINDINGS
from cxr_core.metrics.record import TASKS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def _section(title):
    return README.split(f"## {title}\n")[1].split("\n## ")[0]


def _first_cells(text):
    return [line.split("|")[1].strip().strip("`") for line in text.splitlines() if line.startswith("| ")]


def test_it_has_at_most_170_lines():
    assert len(README.splitlines()) <= 170


def test_every_command_is_in_it_and_no_other():
    assert set(re.findall(r"train\.py ([a-z]+)", README)) == set(COMMANDS)
    assert set(re.findall(r"second-site ([a-z]+)", README)) <= set(COMMANDS)


def test_every_make_target_in_it_exists():
    targets = set(re.findall(r"\bmake ([a-z-]+)", README))
    assert targets >= {"demo", "setup", "test", "check"}
    assert targets <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_every_setting_in_it_exists():
    known = {"--help", "--size"}  # of every command; of a benchmark
    known |= {flag for command in COMMANDS.values() for flag, _ in _options(command)}
    named = {flag for code in re.findall(r"`([^`\n]+)`", README) for flag in re.findall(r"--[a-z][a-z-]*", code)}
    assert {"--folds", "--port", "--with-images"} < named <= known


def test_the_pages_are_those_of_the_app_in_their_order():
    from dashboard.app import PAGES

    assert _first_cells(_section("The dashboard"))[2:] == [page.title for page in PAGES.values()]


def test_the_datasets_are_those_that_can_be_read():
    assert set(_first_cells(_section("Datasets"))[2:]) - {""} == set(READERS)


def test_the_classes_are_those_that_are_trained():
    assert ", ".join(FINDINGS) in " ".join(README.split())


def test_the_tasks_are_those_of_the_metrics():
    task = re.search(r"\*\*Task\.\*\*(.*)", README)
    assert task is not None
    assert re.findall(r"`(\w+)`:", task[1]) == list(TASKS)
