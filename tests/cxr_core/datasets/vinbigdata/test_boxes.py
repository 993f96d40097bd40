from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxr_core.datasets.vinbigdata.boxes import fit_frames, read_sizes
from cxr_core.errors import DataError
from cxr_core.manifest import BOX_COLUMNS

FILES = {name[0]: Path(name) for name in ("a.dicom", "b.png", "c.JPG", "d.DCM")}
NONE = (np.nan, np.nan)
SIZES = pd.DataFrame({"frame_width": [500.0], "frame_height": [600.0]}, index=["b"])


def boxes(**frames: tuple[float, float]) -> pd.DataFrame:
    rows = [(image_id, "ILD", "R1", 1, 2, 3, 4, *frame) for image_id, frame in frames.items()]
    return pd.DataFrame(rows, columns=list(BOX_COLUMNS))


def frames(found: pd.DataFrame) -> dict[str, tuple[float, float]]:
    return dict(zip(found["image_id"], zip(found["frame_width"], found["frame_height"], strict=True), strict=True))


def test_an_original_is_its_own_frame_whatever_the_table_says() -> None:
    found = frames(fit_frames(boxes(a=(10, 20), d=NONE), files=FILES, sizes=SIZES.set_axis(["a"])))
    assert np.isnan([found["a"], found["d"]]).all()


def test_a_copy_needs_the_size_of_the_original() -> None:
    assert fit_frames(boxes(b=NONE, c=NONE, a=NONE), files=FILES, sizes=None)["image_id"].tolist() == ["a"]
    assert frames(fit_frames(boxes(b=NONE, c=NONE), files=FILES, sizes=SIZES)) == {"b": (500, 600)}
    assert frames(fit_frames(boxes(b=(10, 20), c=(0, 20)), files=FILES, sizes=SIZES)) == {"b": (10, 20)}


def test_two_boxes_of_one_image_both_get_its_frame() -> None:
    two = pd.concat([boxes(b=NONE), boxes(b=NONE)], ignore_index=True)
    assert fit_frames(two, files=FILES, sizes=SIZES)["frame_width"].tolist() == [500, 500]


def test_sizes_are_rows_by_columns(tmp_path: Path) -> None:
    path = tmp_path / "train_meta.csv"
    path.write_text("image_id,dim0,dim1\nb,600,500\n")
    pd.testing.assert_frame_equal(read_sizes(path), SIZES, check_names=False, check_index_type=False)
    path.write_text("image_id,dim0,dim1\nb,600,500\nb,1,1\n")
    with pytest.raises(DataError, match=r"train_meta.csv:3: .*each image once"):
        read_sizes(path)
