"""What the dashboard loads: never torch, and nothing that its layers may not know."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "dashboard").rglob("*.py")
)
PAGES = sorted(path for path in (ROOT / "dashboard").rglob("*.py") if "page" in (path.stem, path.parent.name))

COMPUTING = {f"math.{name}" for name in ("sqrt", "log", "log2", "log10", "exp", "hypot", "pow", "erf", "dist")}
SQL_COMPUTING = (
    "avg",
    "median",
    r"quantile\w*",
    r"stddev\w*",
    r"var_\w+",
    "corr",
    r"list_cosine\w*",
    "sqrt",
    "ln",
    "exp",
)
ALLOWED = {
    # How strong a colour is.
    "confusion/figures/cells.py": {"math.sqrt", "sqrt("},
    "confusion/figures/finding_cells.py": {"math.sqrt", "sqrt("},
    "labels/figures/together.py": {"math.sqrt", "sqrt("},
    # How far up a loss lies on a logarithmic axis, which Plotly wants to know where words stand beside it.
    "training/figures/loss_axis.py": {"math.log", "math.log10"},
    # 30,000 images by three members are 180 megabytes of features: the library's function ten times slower.
    # That both find the same is tested in image/data/test_nearest.py.
    "image/data/nearest.py": {"avg(", r"list_cosine\w*("},
}


def test_every_module_can_be_imported_without_torch() -> None:
    """In a process of its own, since other tests have torch loaded already."""
    code = f"""
import importlib, sys
for name in {MODULES!r}:
    importlib.import_module(name)
print(sorted({{name.split('.')[0] for name in sys.modules}} & {{'torch', 'torchvision', 'sklearn', 'cv2', 'pydicom'}}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", PAGES, ids=str)
def test_pages_ask_and_draw(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert not imported & {"numpy", "pandas", "duckdb", "cxr_core"}


@pytest.mark.parametrize("module", sorted((ROOT / "dashboard").rglob("*.py")), ids=str)
def test_formulas_are_the_librarys(module: Path) -> None:
    """No root, logarithm or mean of the dashboard's own, in Python or in SQL, but for what is named above."""
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    computing = {name for name in called if name in COMPUTING}
    computing |= {ast.unparse(node) for node in ast.walk(tree) if _is_mean(node)}
    computing |= {f"{name}(" for name in SQL_COMPUTING if re.search(rf"\b{name}\(", text)}
    assert computing == ALLOWED.get(module.relative_to(ROOT / "dashboard").as_posix(), set())


def _is_mean(node: ast.AST) -> bool:
    """``sum(...) / len(...)``."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and all(isinstance(side, ast.Call) for side in (node.left, node.right))
        and [ast.unparse(side.func) for side in (node.left, node.right) if isinstance(side, ast.Call)] == ["sum", "len"]
    )


def test_no_module_knows_the_classes_of_a_run_beforehand() -> None:
    for module in (ROOT / "dashboard").rglob("*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert "cxr_core.findings" not in imported, module


def test_the_theme_in_the_settings_is_that_of_the_palette() -> None:
    import tomllib

    from dashboard.palette import DARK, LIGHT

    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for section, palette in (("light", LIGHT), ("dark", DARK)):
        assert theme[section]["backgroundColor"] == palette.ground
        assert theme[section]["textColor"] == palette.text
        assert theme[section]["blueTextColor"] == palette.internal
        assert theme[section]["orangeTextColor"] == palette.external
        assert theme[section]["grayTextColor"] == palette.soft


def test_no_module_hides_one_of_pythons_own() -> None:
    # Streamlit puts the script's own folder first on the path: started there, `numbers` would be ours.
    here = {path.stem for path in (ROOT / "dashboard").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert not here & sys.stdlib_module_names
