import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_file_tree_is_that_of_the_code():
    spec = importlib.util.spec_from_file_location("tree", ROOT / "docs" / "tree.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    between = (ROOT / "README.md").read_text().split(module.START)[1].split(module.END)[0]

    assert between == module.tree(), "write it again: python docs/tree.py"


def test_every_command_of_the_readme_exists():
    from cxr_core.cli.commands import COMMANDS

    readme = (ROOT / "README.md").read_text()

    for name in COMMANDS:
        assert f"train.py {name}" in readme


def test_every_link_leads_to_a_file():
    readme = (ROOT / "README.md").read_text()
    for target in [part.split(")")[0] for part in readme.split("](")[1:]]:
        assert target.startswith("http") or (ROOT / target).exists(), target
