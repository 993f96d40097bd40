"""Every module in a line, from its docstring: `python -m docs.tree` writes docs/modules.md."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "modules.md"

_FOLDERS = ("cxr_core", "dashboard", "benchmarks", "docs", "tests/support")
_WIDTH = 34
_HEAD = """\
# Every module, in a line

`make docs` writes this page from the first line of each module's docstring; a test holds it current. Where to
begin is in [architecture.md](architecture.md).

"""


def page(root: Path = ROOT) -> str:
    """The page: folders, and below each its modules with what they give.

    Args:
        root: Of the checkout.
    """
    lines = [_HEAD + "```text", _line("train.py", root / "train.py", depth=0)]
    for name in _FOLDERS:
        lines += _folder(root / name, name=name, depth=0)
    lines += ["tests/".ljust(_WIDTH) + "the same tree as the code, and tests/e2e in a real browser", "```", ""]
    return "\n".join(lines)


def _folder(folder: Path, *, name: str, depth: int) -> list[str]:
    head = _line(f"{name}/", folder / "__init__.py", depth=depth)
    below: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        if path.is_dir() and list(path.rglob("*.py")):
            below += _folder(path, name=path.name, depth=depth + 1)
        elif path.suffix == ".py" and path.name != "__init__.py":
            below.append(_line(path.name, path, depth=depth + 1))
    return [head, *below]


def _line(name: str, module: Path, *, depth: int) -> str:
    text = module.read_text(encoding="utf-8") if module.exists() else ""
    said = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    return f"{'  ' * depth}{name}".ljust(_WIDTH) + said


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
