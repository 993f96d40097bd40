"""The machine that measures: what it is called, and what it can do at most."""

import os
import platform
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.timing import seconds

if TYPE_CHECKING:
    import torch

_SIDE = 2048
_BYTES = 1 << 28


def described() -> str:
    """Processor, cores, memory and the versions that count, in one line."""
    import torch

    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory_gib:.0f} GiB; Python {platform.python_version()}, "
        f"torch {torch.__version__.split('+')[0]}"
    )


def has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 itself."""
    import torch

    known = torch.cpu.get_capabilities()
    return any(bool(known.get(name)) for name in ("avx512_bf16", "amx_bf16", "bf16", "sve_bf16"))


@cache
def operations_a_second(dtype: "torch.dtype") -> float:
    """Floating-point operations a second that square matrices of 2,048 are multiplied with, by all threads."""
    import torch

    left, right = (torch.rand(_SIDE, _SIDE).to(dtype) for _ in range(2))
    return 2 * _SIDE**3 / _best(lambda: left @ right)


@cache
def copied_bytes_a_second() -> float:
    """Bytes a second that NumPy copies in memory, counted once."""
    source, target = np.ones(_BYTES, np.uint8), np.empty(_BYTES, np.uint8)
    return _BYTES / _best(lambda: np.copyto(target, source))


def _best(work: Callable[[], object]) -> float:
    work()
    return min(seconds(work) for _ in range(5))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
