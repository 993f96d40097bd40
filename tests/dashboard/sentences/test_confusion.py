"""What is taken for what, in words: shares with their n, counts where they are too few, nothing made up."""

import math

import pytest

from cxr_core.findings import FINDINGS
from dashboard.queries.confusion.counts import Confusion
from dashboard.results.side import Side
from dashboard.sentences import confusion as sentences

NAN = ((math.nan,) * 6,) * 6


def _matrix(*rows: tuple[int, ...], low: float = math.nan, high: float = math.nan) -> Confusion:
    counts = (*rows, *[(0,) * 6 for _ in range(6 - len(rows))])
    return Confusion(classes=FINDINGS, counts=counts, low=((low,) * 6,) * 6, high=((high,) * 6,) * 6)


HOME = _matrix((90, 10, 0, 0, 0, 0), (30, 70, 0, 0, 0, 0))
ABROAD = _matrix((300, 0, 0, 0, 0, 0), (500, 1200, 0, 0, 0, 0))
FEW = _matrix((3, 1, 0, 0, 0, 0), (2, 1, 0, 0, 0, 0))
NONE = _matrix()

CALLED_ABROAD = "Abroad 40.0 % of 2,000 images are called No Finding, where 15.0 % are"
AT_HOME = "at home 60.0 % of 200, where 50.0 % are"


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("**", "")


@pytest.mark.parametrize(
    ("home", "abroad", "expected"),
    [
        (
            HOME,
            ABROAD,
            f"{CALLED_ABROAD}; {AT_HOME}.",
        ),
        (NONE, ABROAD, f"{CALLED_ABROAD}."),
        (HOME, None, "At home 60.0 % of 200 images are called No Finding, where 50.0 % are."),
        (
            FEW,
            ABROAD,
            f"{CALLED_ABROAD}; at home 5 of 7, where 4 are.",
        ),
        (
            HOME,
            FEW,
            f"Abroad 5 of 7 images are called No Finding, where 4 are (too few to say more); {AT_HOME}.",
        ),
        (NONE, NONE, "No image has a single class under these label policies, so nothing can be compared."),
        (NONE, _matrix((5, 0, 0, 0, 0, 0)), "Abroad each class is answered as often as it is there, in 5 images."),
    ],
)
def test_the_answer(home: Confusion, abroad: Confusion | None, expected: str) -> None:
    assert _plain(sentences.answer(home=home, abroad=abroad)) == expected


def test_a_cell_with_its_interval() -> None:
    found = _matrix((300, 0, 0, 0, 0, 0), (500, 1200, 0, 0, 0, 0), low=0.27, high=0.32)
    text = "Cardiomegaly taken for No Finding abroad: 500 of 1,700 images (29.4 % [27.0, 32.0])"
    assert _plain(sentences.cell(found, side=Side.EXTERNAL, true=1, predicted=0)) == text
    assert _plain(sentences.chosen(found, side=Side.EXTERNAL, true=1, predicted=0)) == f"{text}, most confident first"
    assert sentences.chosen(found, side=Side.EXTERNAL, true=1, predicted=0).startswith(
        "**Cardiomegaly** taken for **No"
    )


def test_a_right_answer_is_recognized() -> None:
    text = "Cardiomegaly recognized at home: 70 of 100 images (70.0 %)"
    assert _plain(sentences.cell(HOME, side=Side.INTERNAL, true=1, predicted=1)) == text


def test_few_images_make_no_share_and_none_no_order() -> None:
    text = "No Finding taken for Cardiomegaly at home: 1 of 4 images (not estimable as a share: 4 images)"
    assert _plain(sentences.chosen(FEW, side=Side.INTERNAL, true=0, predicted=1)) == text
    empty = "No Finding taken for Lung Opacity abroad: 0 of 300 images (0.0 %)"
    assert _plain(sentences.chosen(ABROAD, side=Side.EXTERNAL, true=0, predicted=3)) == empty


def test_a_difference_tells_both_places() -> None:
    said = sentences.cell_difference(HOME, ABROAD, true=1, predicted=0)
    assert _plain(said) == (
        "Cardiomegaly taken for No Finding: 30 of 100 images (30.0 %) at home, 500 of 1,700 images (29.4 %) abroad"
    )
    assert sentences.cell_difference(HOME, ABROAD, true=5, predicted=0).endswith("no images at home, no images abroad")
