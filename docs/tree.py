"""The file tree of the README, from each module's docstring: `python docs/tree.py` writes it again."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
START, END = "<!-- tree -->\n", "<!-- /tree -->"
FOLDERS = ("cxr_core", "dashboard", "benchmarks", "docs")


def tree() -> str:
    """The lines between the README's marks: folders, and below each its modules with what they give."""
    lines = ["```text", _line("train.py", ROOT / "train.py", depth=0)]
    for name in FOLDERS:
        lines += _folder(ROOT / name, depth=0)
    lines += ["tests/".ljust(_WIDTH) + "the same tree as the code, and tests/e2e in a real browser", "```", ""]
    return "\n".join(lines)


_WIDTH = 34


def _folder(folder: Path, *, depth: int) -> list[str]:
    head = _line(f"{folder.name}/", folder / "__init__.py", depth=depth)
    below: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name)):
        if path.is_dir() and list(path.rglob("*.py")):
            below += _folder(path, depth=depth + 1)
        elif path.suffix == ".py" and path.name != "__init__.py":
            below.append(_line(path.name, path, depth=depth + 1))
    return [head, *below]


def _line(name: str, module: Path, *, depth: int) -> str:
    text = module.read_text(encoding="utf-8") if module.exists() else ""
    said = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    return f"{'  ' * depth}{name}".ljust(_WIDTH) + said


if __name__ == "__main__":
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{START}{tree()}{END}{after}", encoding="utf-8")
