"""What to type here: every message that names a command takes its words from this module.

A checkout has `train.py`, an installed package the script `second-site`; which of them began this process is remembered
by Python itself, as its first argument.
"""

import shlex
import sys
from pathlib import Path

SCRIPT = "second-site"
APP = "dashboard/app.py"

_ROOT = Path(__file__).parents[1]


def checkout() -> Path | None:
    """The root of the checkout that this code lies in; None where it is installed as a package."""
    return _ROOT if all((_ROOT / name).is_file() for name in ("train.py", "pyproject.toml")) else None


def is_script() -> bool:
    """Whether the installed script began this process, or the one that began this dashboard; in a package, always."""
    return checkout() is None or SCRIPT in (Path(word).name for word in sys.argv[:2])


def name() -> str:
    """The program: ``train.py`` or ``second-site``."""
    return SCRIPT if is_script() else "train.py"


def command(words: str) -> str:
    """A command as it is typed: ``python train.py demo`` or ``second-site demo``."""
    return f"{SCRIPT} {words}" if is_script() else f"python train.py {words}"


def dashboard(results: Path | None = None, *, cache: Path | None = None) -> str:
    """The command that opens the dashboard.

    Args:
        results: The folder of runs; None for the one that it takes by itself.
        cache: The folder of images; None likewise.
    """
    folders = {"RESULTS": results, "CACHE": cache}
    said = {name: shlex.quote(str(folder)) for name, folder in folders.items() if folder is not None}
    flags = f" --results {said.pop('RESULTS')}" if is_script() and results is not None else ""
    variables = "".join(f"SECOND_SITE_{name}={folder} " for name, folder in said.items())
    return variables + (f"{SCRIPT} dashboard{flags}" if is_script() else f"python -m streamlit run {APP}")


def local_address() -> str:
    """What keeps the dashboard to this machine, whatever else is set."""
    return "STREAMLIT_SERVER_ADDRESS=127.0.0.1" if is_script() else "--server.address 127.0.0.1"
