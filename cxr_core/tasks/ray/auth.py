"""Who is let in to a Ray cluster: whoever has its token, and nobody else.

Ray listens on all interfaces even where it is told 127.0.0.1, and whoever it answers can run code: without a token
nothing is started and nothing joined.
"""

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from cxr_core.errors import SettingsError

_TIMEOUT_S = 10.0
_ATTEMPTS = 20
_SOON_S = 0.1

_PREFIX = "second-site-ray-"

_REFUSED = 3
_NO_NODE_HERE = 4
_ASK = f"""
import os, sys
from ray._raylet import GcsClient
from ray.exceptions import AuthenticationError
try:
    nodes = GcsClient(address=sys.argv[1]).get_all_node_info(timeout=5)
except AuthenticationError:
    sys.exit({_REFUSED})
if not any(os.path.exists(node.raylet_socket_name) for node in nodes.values()):
    sys.exit({_NO_NODE_HERE})
"""


def check_token() -> None:
    """Sees whether this command has a token.

    Raises:
        SettingsError: If not.
    """
    has_token = os.environ.get("RAY_AUTH_TOKEN") or Path(os.environ.get("RAY_AUTH_TOKEN_PATH", "")).is_file()
    if os.environ.get("RAY_AUTH_MODE") != "token" or not has_token:
        raise SettingsError(
            "--ray-address expects a cluster that asks for a token: whoever reaches any other can run code on it. "
            "Found no RAY_AUTH_MODE=token with a RAY_AUTH_TOKEN_PATH or RAY_AUTH_TOKEN here. Make a token with `ray "
            "get-auth-token --generate`, copy its file to all nodes, readable to you alone, start Ray on each with "
            "RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH=FILE, and this command with the same two."
        )


def check_closed(address: str) -> None:
    """Sees whether a cluster answers, lets in whoever has the token and nobody else, and has a node here.

    Args:
        address: Its head node, HOST:PORT.

    Raises:
        SettingsError: If not.
    """
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdigit():
        raise SettingsError(f"--ray-address takes the head node's HOST:PORT, found {address!r}.")
    try:
        socket.create_connection((host, int(port)), timeout=_TIMEOUT_S).close()
    except OSError as error:
        raise SettingsError(
            f"No Ray cluster answers at {address} ({error}). Start it with `ray start --head`, which says its address."
        ) from error
    stranger = {name: value for name, value in os.environ.items() if not name.startswith("RAY_AUTH")}
    if _asked(address, {**stranger, "RAY_AUTH_MODE": "disabled"}) != _REFUSED:
        raise SettingsError(
            f"The Ray cluster at {address} does not refuse whoever has no token, and whoever reaches it could run code "
            "on it. Start it again, on every node, with RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH=FILE."
        )
    answer = _asked(address, os.environ)
    if answer == _REFUSED:
        raise SettingsError(
            f"The Ray cluster at {address} refuses the token given here. Set RAY_AUTH_TOKEN_PATH or RAY_AUTH_TOKEN to "
            "the one it was started with."
        )
    if answer == _NO_NODE_HERE:  # Ray would end this process with a trace of its own
        raise SettingsError(
            f"This machine is no node of the Ray cluster at {address}: none of its nodes' sockets is here. Start the "
            f"command on the head node, or make this machine a node: `ray start --address={address} --num-cpus=0`."
        )


def _asked(address: str, variables: Mapping[str, str]) -> int:
    """What a process with these variables ends with that asks the cluster something."""
    command = [sys.executable, "-c", _ASK, address]
    try:
        done = subprocess.run(command, env=variables, capture_output=True, check=False, timeout=6 * _TIMEOUT_S)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise SettingsError(f"What listens at {address} does not answer as a Ray cluster does.") from error
    return done.returncode


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for a cluster of one's own, with its `token`; those that killed commands left are removed.

    Its name is short, for the sockets in it, and it is nobody else's, for Ray lets everybody read what it logs.
    """
    place = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())  # noqa: S108 -- a name nobody knows
    for token in place.glob(f"{_PREFIX}*/token"):
        _remove_if_left(token)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    try:
        new = folder / "new"
        new.touch(mode=0o600)
        with new.open("w", encoding="ascii") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # ends with this process, however it ends
            held.write(_token())
            held.flush()
            new.rename(folder / "token")
            yield folder
    finally:
        remove(folder)


def remove(folder: Path) -> None:
    """Removes a cluster's folder, to which processes that are about to end still write."""
    for _ in range(_ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(_SOON_S)


def _remove_if_left(token: Path) -> None:
    with suppress(OSError), token.open("r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(token.parent, ignore_errors=True)


@cache
def _token() -> str:
    """One for all clusters of this process: Ray remembers the first."""
    return secrets.token_hex(32)
