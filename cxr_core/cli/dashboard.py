"""The dashboard, served in place of this process. The library starts it and knows none of its code."""

import errno
import importlib.util
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from cxr_core import program
from cxr_core.errors import SettingsError

HIGHEST_PORT = 65535

_APP = Path(__file__).parents[2] / program.APP


def serve(*, port: int, results: Path | None) -> NoReturn:
    """Ends this process's work and goes on as the dashboard's server; Ctrl-C ends that.

    Streamlit reads the settings beside the app last, wherever it is started: installed, it looks and is guarded as in a
    checkout.

    Args:
        port: Where it answers on this machine.
        results: The folder of runs; None for SECOND_SITE_RESULTS, or else ``results`` in the working directory.

    Raises:
        SettingsError: If there is no such folder or no Streamlit, or the port cannot be had.
    """
    if results is not None and not results.is_dir():
        raise SettingsError(
            f"--results takes the folder of runs, found no folder {results}. Name the one that a run was written to; "
            f"`{program.command('demo')}` makes a run."
        )
    if importlib.util.find_spec("streamlit") is None:
        raise SettingsError(
            f"The dashboard needs Streamlit, and {sys.executable} has none. Install what Second Site needs there: "
            f"{sys.executable} -m pip install streamlit plotly"
        )
    _check_free(port)
    sys.stdout.flush()
    os.execve(sys.executable, _command(port), _environment(results))  # noqa: S606 -- our own app


def _check_free(port: int) -> None:
    if not 0 < port <= HIGHEST_PORT:
        raise SettingsError(f"--port takes a number from 1 to {HIGHEST_PORT}, found {port}.")
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server: who just left is not in the way
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(
                    f"Port {port} is taken: another program answers there, perhaps another dashboard. End that one, or "
                    "choose another --port."
                ) from error
            raise SettingsError(f"Port {port} cannot be had ({error.strerror}). Choose another --port.") from error


def _command(port: int) -> list[str]:
    """The server's command; it finds no module in the working directory, and is told if the script began it."""
    words = [sys.executable, "-P", "-m", "streamlit", "run", str(_APP), "--server.port", str(port)]
    return [*words, "--", program.SCRIPT] if program.is_script() else words


def _environment(results: Path | None) -> dict[str, str]:
    """This process's variables, with the folder of runs; a checkout need not be installed to be found."""
    more = {} if results is None else {"SECOND_SITE_RESULTS": str(results.absolute())}
    if (root := program.checkout()) is not None:
        more["PYTHONPATH"] = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    return os.environ | more
