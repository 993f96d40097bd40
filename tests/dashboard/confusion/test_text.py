"""What is taken for what, in words: shares with their n, counts where they are too few, nothing made up."""

import pytest

from dashboard.confusion import text as sentences
from dashboard.confusion.data.counts import Confusion
from dashboard.results.side import Side
from tests.support.matrices import matrix
from tests.support.pages import as_read

INTERNAL = matrix((90, 10, 0, 0, 0, 0), (30, 70, 0, 0, 0, 0))
EXTERNAL = matrix((300, 0, 0, 0, 0, 0), (500, 1200, 0, 0, 0, 0))
FEW = matrix((3, 1, 0, 0, 0, 0), (2, 1, 0, 0, 0, 0))
NONE = matrix()

CALLED_EXTERNALLY = (
    "Externally, 40.0 % [37.9, 42.2] of 2,000 images are predicted as No Finding, where 15.0 % [13.5, 16.6] are"
)
CALLED_FEW = "Externally, 5 of 7 images are predicted as No Finding, where 4 are"
CALLED_INTERNALLY = "internally, 60.0 % [53.1, 66.5] of 200, where 50.0 % [43.1, 56.9] are"


@pytest.mark.parametrize(
    ("internal", "external", "expected"),
    [
        (
            INTERNAL,
            EXTERNAL,
            f"{CALLED_EXTERNALLY}; {CALLED_INTERNALLY}.",
        ),
        (NONE, EXTERNAL, f"{CALLED_EXTERNALLY}."),
        (INTERNAL, None, f"I{CALLED_INTERNALLY[1:].replace('200,', '200 images are predicted as No Finding,')}."),
        (
            FEW,
            EXTERNAL,
            f"{CALLED_EXTERNALLY}; internally, 5 of 7, where 4 are.",
        ),
        (
            INTERNAL,
            FEW,
            f"{CALLED_FEW} (too few to say more); {CALLED_INTERNALLY}.",
        ),
        (NONE, NONE, "No image has a single class under these label policies, so nothing can be compared."),
        (NONE, matrix((5, 0, 0, 0, 0, 0)), "Externally, each class is predicted as often as it is there, in 5 images."),
    ],
)
def test_the_answer(internal: Confusion, external: Confusion | None, expected: str) -> None:
    found = {Side.INTERNAL: internal} | ({Side.EXTERNAL: external} if external else {})
    assert as_read(sentences.answer(found)) == expected


def test_a_cell_with_its_interval() -> None:
    found = matrix((300, 0, 0, 0, 0, 0), (500, 1200, 0, 0, 0, 0), low=0.27, high=0.32)
    text = "Cardiomegaly taken for No Finding in the external test: 500 of 1,700 images (29.4 % [27.0, 32.0])"
    assert as_read(sentences.cell(found, side=Side.EXTERNAL, true=1, predicted=0)) == text
    assert as_read(sentences.chosen(found, side=Side.EXTERNAL, true=1, predicted=0)) == f"{text}, most confident first"
    assert sentences.chosen(found, side=Side.EXTERNAL, true=1, predicted=0).startswith(
        "**Cardiomegaly** taken for **No"
    )


def test_a_right_answer_is_recognized() -> None:
    text = "Cardiomegaly recognized in the internal test: 70 of 100 images (70.0 %)"
    assert as_read(sentences.cell(INTERNAL, side=Side.INTERNAL, true=1, predicted=1)) == text


def test_few_images_make_no_share_and_none_no_order() -> None:
    text = "No Finding taken for Cardiomegaly in the internal test: 1 of 4 images (not estimable as a share: 4 images)"
    assert as_read(sentences.chosen(FEW, side=Side.INTERNAL, true=0, predicted=1)) == text
    empty = "No Finding taken for Lung Opacity in the external test: 0 of 300 images (0.0 %)"
    assert as_read(sentences.chosen(EXTERNAL, side=Side.EXTERNAL, true=0, predicted=3)) == empty


def test_a_difference_tells_both_places() -> None:
    said = sentences.cell_difference(INTERNAL, EXTERNAL, true=1, predicted=0)
    assert as_read(said) == (
        "Cardiomegaly taken for No Finding: 30 of 100 images (30.0 %) internally, "
        "500 of 1,700 images (29.4 %) externally; 0.6 points, without an interval"
    )
    nothing = sentences.cell_difference(INTERNAL, EXTERNAL, true=5, predicted=0)
    assert nothing.endswith("no images internally, no images externally")
