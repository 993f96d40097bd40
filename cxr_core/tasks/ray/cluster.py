"""The connection to a Ray cluster: one that is there, or one of this machine alone, for as long as a command takes."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType

from cxr_core import stopping
from cxr_core.errors import SettingsError
from cxr_core.tasks.ray.auth import check_closed, check_token, private_folder

_STORE_BYTES = 100 * 2**20

# It tells nobody of its use, builds no environments on nodes, and prints nothing, as hundreds of lines of a lost node's
# state; a task whose node has no memory left is not given out again without end.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_DEDUP_LOGS": "1",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
    "RAY_task_oom_retries": "2",
}
_FOLDERS = ("SECOND_SITE_RESULTS", "SECOND_SITE_CACHE", "SECOND_SITE_DATA")


@contextmanager
def connected(address: str | None, *, cpus: int) -> Iterator[None]:
    """Joins a cluster for as long as the block takes.

    Args:
        address: Its head node, HOST:PORT; None: one of this machine alone, started here and ended with the block.
        cpus: Cores of that one.

    Raises:
        SettingsError: If Ray is not installed, or the cluster is not there or is open to everybody.
    """
    with _variables(QUIET), _started(cpus) if address is None else _joined(address):
        yield


@contextmanager
def _started(cpus: int) -> Iterator[None]:
    with private_folder() as folder:
        # Ray reads them once: they are set before it is loaded.
        auth = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": None, "RAY_AUTH_TOKEN_PATH": str(folder / "token")}
        with _variables(auth):
            ray = _loaded()
            begin = partial(_begin, ray, cpus=cpus, folder=folder)
            with _connection(partial(stopping.unbroken, begin)):
                yield


def _begin(ray: ModuleType, *, cpus: int, folder: Path) -> None:
    """Its nodes hear nothing of folders, which are this command's own: its flags may say others than the variables."""
    with _variables(dict.fromkeys(_FOLDERS)):
        ray.init(
            "local",
            num_cpus=cpus,
            include_dashboard=False,
            object_store_memory=_STORE_BYTES,
            log_to_driver=False,
            logging_level="ERROR",
            _temp_dir=str(folder / "ray"),  # which Ray opens to everybody
        )


@contextmanager
def _joined(address: str) -> Iterator[None]:
    check_token()
    ray = _loaded()
    check_closed(address)
    with _connection(partial(ray.init, address, log_to_driver=False, logging_level="ERROR")):
        yield


@contextmanager
def _connection(begin: Callable[[], object]) -> Iterator[None]:
    ray = _loaded()
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    try:
        try:
            begin()
        except (RuntimeError, ValueError, OSError) as error:
            raise SettingsError(
                f"Ray cannot be started or joined here: {error}. All nodes need the same versions of Ray and Python; "
                "what else is wrong stands in Ray's logs."
            ) from error
        finally:
            if is_main:
                signal.signal(signal.SIGTERM, before)  # Ray took it for itself
        yield
    finally:
        ray.shutdown()


def _loaded() -> ModuleType:
    try:
        import ray
    except ImportError as error:
        raise SettingsError(
            f'--executor ray needs Ray, which cannot be loaded ({error}): pip install "second-site[ray]".'
        ) from error
    return ray


@contextmanager
def _variables(values: Mapping[str, str | None]) -> Iterator[None]:
    """Environment variables for as long as the block takes; None: not there."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
