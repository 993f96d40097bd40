"""What several rooms' tests share: two tiny hospitals in the published layouts, images in memory, and one thread.

Many small steps wait for threads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.hospitals import write_chexpert, write_vinbigdata


@dataclass(frozen=True, kw_only=True)
class DrawnImages:
    """An image for each picture hash, whose text decides it: bright on the left where the number is odd."""

    pixels: npt.NDArray[np.uint8]

    @classmethod
    def open(cls, cache: Path, *, size_px: int, picture_hashes: Sequence[str]) -> "DrawnImages":
        del cache
        drawn = [cls._draw(int(picture_hash), size_px) for picture_hash in picture_hashes]
        return cls(pixels=np.stack(drawn))

    @staticmethod
    def _draw(number: int, size_px: int) -> npt.NDArray[np.uint8]:
        pixels = np.random.default_rng(number).integers(0, 128, (size_px, size_px), dtype=np.uint8)
        if number % 2:
            pixels[:, : size_px // 2] += 127
        return pixels

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        return self.pixels[rows]


@pytest.fixture(scope="session")
def hospitals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of the two hospitals."""
    root = tmp_path_factory.mktemp("hospitals")
    return write_vinbigdata(root / "vinbigdata"), write_chexpert(root / "chexpert")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def open_images() -> Callable[..., DrawnImages]:
    return DrawnImages.open


@pytest.fixture
def one_thread() -> Iterator[None]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def member_task(tmp_path: Path) -> Callable[..., object]:
    """A small member: twelve images of 32 px in batches of five, their class odd or even; change what a test needs."""
    from cxr_core.settings import Network, Recipe
    from cxr_core.training import MemberTask

    task = MemberTask(
        model_id="split-0",
        seed=3,
        member=0,
        fold=None,
        network=Network(architecture="small", weights="none", size_px=32),
        recipe=Recipe(epochs=3, batch_size=5, learning_rate=1e-2),
        n_classes=6,
        cache=tmp_path / "cache",
        train=tuple(map(str, range(12))),
        train_classes=tuple(number % 2 for number in range(12)),
        held_out=("100", "101", "102"),
        held_out_classes=(0, 1, -1),
        device="cpu",
        weights_folder=tmp_path / "weights",
        folder=tmp_path / "checkpoints",
        out=tmp_path / "members" / "split-0.safetensors",
        show_progress=False,
    )
    return lambda **changes: replace(task, **changes)
