import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core.datasets import registry
from cxr_core.errors import DataError, SettingsError

REAL = Path(__file__).parents[3] / "../shared/real-cxr"


@pytest.mark.parametrize("name", registry.READERS)
def test_each_reader_is_its_module(name: str) -> None:
    assert registry.READERS[name] is importlib.import_module(f"cxr_core.datasets.{name}").read


def test_an_unknown_reader_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no reader 'mimic'.*vinbigdata, chexpert, table"):
        registry.read("mimic", tmp_path, private=tmp_path)


@pytest.mark.parametrize("name", registry.READERS)
def test_an_empty_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found.*an empty folder"):
        registry.read(name, tmp_path, private=tmp_path / "private")


def test_reading_loads_no_torch() -> None:
    code = "import sys, cxr_core.datasets.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not REAL.exists(), reason="the two small real sites are not here")
@pytest.mark.parametrize(
    ("name", "folder", "dataset", "images"),
    [("vinbigdata", "vindr", "vinbigdata", 47), ("chexpert", "chexpert", "chexpert_train", 50)],
)
def test_the_small_real_sites_are_read_whole(name: str, folder: str, dataset: str, images: int, tmp_path: Path) -> None:
    (manifest,) = registry.read(name, REAL / folder, private=tmp_path)
    assert (manifest.dataset, manifest.reader, len(manifest.images)) == (dataset, name, images)
    assert manifest.rejected == ()
    for image_id, file in zip(manifest.images["image_id"], manifest.images["file"], strict=True):
        assert manifest.path(image_id, file).is_file()
