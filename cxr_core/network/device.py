"""The device that networks run on, and reproducible arithmetic on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from cxr_core.errors import SettingsError


def choose_device(name: str) -> torch.device:
    """The device of that name, checked to be there.

    Args:
        name: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` and the like, or ``mps``; ``auto`` takes the best that is there.

    Raises:
        SettingsError: If this machine, or the installed torch, has no such device.
    """
    present = ["cpu"]
    present += ["cuda"] if torch.cuda.is_available() else []
    present += ["mps"] if torch.backends.mps.is_available() else []
    kind, _, number = name.partition(":")
    if name == "auto":
        return torch.device("cuda" if "cuda" in present else present[-1])
    count = torch.cuda.device_count() if kind == "cuda" else 1
    if kind not in present or (number and not (number.isdecimal() and int(number) < count)):
        raise SettingsError(
            f"No device {name!r} here: torch {torch.__version__} finds {', '.join(present)}. Choose one."
        )
    return torch.device(name)


@contextmanager
def reproducible(device: torch.device) -> Iterator[None]:
    """Within it a CUDA device computes in full fp32 and by repeatable algorithms; after it, the process is as it was.

    CPU kernels are repeatable as they are, for a given number of threads.
    """
    if device.type != "cuda":
        yield
        return
    # cuBLAS is repeatable only with a workspace of fixed size, which it reads when it is first used.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    mode = torch.get_deterministic_debug_mode()
    try:
        torch.set_deterministic_debug_mode("warn")
        with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
            yield
    finally:
        torch.set_deterministic_debug_mode(mode)
