"""Messages name commands that work where they are read."""

import ast
import re
from pathlib import Path

import pytest

from cxr_core import program

ROOT = Path(__file__).parents[2]
ELSEWHERE = Path("/home/reader/my results")


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """The package where no checkout is around it; beside it lies a `train.py` of somebody else."""
    (tmp_path / "train.py").touch()
    monkeypatch.setattr(program, "_ROOT", tmp_path)


def test_in_a_checkout_commands_are_those_of_the_checkout(monkeypatch):
    monkeypatch.setattr("sys.argv", ["train.py", "demo"])
    assert program.name() == "train.py"
    assert program.command("demo") == "python train.py demo"
    assert program.dashboard() == "python -m streamlit run dashboard/app.py"
    assert program.dashboard(Path("out")) == "SECOND_SITE_RESULTS=out python -m streamlit run dashboard/app.py"
    both = (
        "SECOND_SITE_RESULTS=out SECOND_SITE_CACHE='/home/reader/my results' python -m streamlit run dashboard/app.py"
    )
    assert program.dashboard(Path("out"), cache=ELSEWHERE) == both


@pytest.mark.parametrize("words", [["/env/bin/second-site", "demo"], ["/env/dashboard/app.py", "second-site"]])
def test_the_script_names_itself_even_out_of_a_checkout(monkeypatch, words):
    monkeypatch.setattr("sys.argv", words)
    assert program.name() == "second-site"
    assert program.command("demo") == "second-site demo"
    assert program.dashboard() == "second-site dashboard"
    assert program.dashboard(ELSEWHERE) == "second-site dashboard --results '/home/reader/my results'"
    images = program.dashboard(ELSEWHERE, cache=Path("images"))
    assert images == "SECOND_SITE_CACHE=images second-site dashboard --results '/home/reader/my results'"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("words", [["/env/dashboard/app.py"], ["/env/bin/jupyter"], []])
def test_an_installed_package_has_only_the_script(monkeypatch, words):
    monkeypatch.setattr("sys.argv", words)
    assert program.checkout() is None
    assert program.name() == "second-site"


def test_no_other_module_writes_a_command_out():
    """Docstrings may: they are read in the code."""
    for path in sorted((*ROOT.glob("cxr_core/**/*.py"), *ROOT.glob("dashboard/**/*.py"))):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        words = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in told]
        written = [word for word in words if re.search(r"train\.py|streamlit run|second-site ", str(word))]
        assert path == ROOT / "cxr_core" / "program.py" or not written, path
