import numpy as np
import pandas as pd
import pytest

from cxr_core.datasets.frames import label_frame


@pytest.mark.parametrize("n", [1, 2, 126, 127, 128, 129, 32767, 32769])
def test_each_label_is_of_its_image_however_many_there_are(n: int) -> None:
    ids = [f"i{number}" for number in range(n)]
    made = label_frame(
        np.array([[1, np.nan], [0, -1]], np.float32),
        image_ids=pd.Series(ids, index=np.arange(n) + 7),
        image=np.array([n - 1, 0]),
        findings=["A", "B"],
        readers=["R1", "R2"],
        reader=np.array([1, 0]),
    )
    assert made["image_id"].cat.categories.tolist() == ids
    rows = list(zip(*(made[name].astype(object) for name in ("image_id", "finding", "reader")), strict=True))
    assert rows == [(ids[-1], "A", "R2"), (ids[-1], "B", "R2"), (ids[0], "A", "R1"), (ids[0], "B", "R1")]
    np.testing.assert_array_equal(made["value"], np.array([1, np.nan, 0, -1], np.float32))


def test_two_images_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="unique"):
        label_frame(
            np.zeros((2, 1), np.float32),
            image_ids=["a", "a"],
            image=np.arange(2),
            findings=["A"],
            readers=["R"],
            reader=np.zeros(2, np.int64),
        )
