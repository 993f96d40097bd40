"""Images of a class, drawn by seed and not picked, with what the model made of each."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import Parameter, RunKey, Value, ask, number
from dashboard.results.downloads import Row, beginning, image_rows, single
from dashboard.results.flags import OUTCOME
from dashboard.results.hit_rates import pointing
from dashboard.results.images import BY_SEED, Key
from dashboard.results.maps import DEFAULT_METHOD, Box
from dashboard.results.pictures import by_dataset
from dashboard.results.runs import classes
from dashboard.results.saliency_test import SaliencyTest, saliency_test

Sort = Literal["inside", "outside", "recognized", "missed", "false_alarm"]
"""``inside`` and ``outside``: the peak lies in the box of at least one reader, or of none."""

PER_SORT = 6
"""Images of each sort."""

_CANDIDATES = f"""
    WITH sorted AS (
        SELECT image_id, predicted, probability[$class + 1] AS own, {OUTCOME} AS sort
        FROM prediction JOIN reference USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
    )
    SELECT image_id, sort, predicted, own FROM sorted
    WHERE sort IS NOT NULL AND image_id IN (
        SELECT image_id FROM saliency WHERE model_id = $model AND dataset = $dataset AND method = $method
    )
"""  # noqa: S608 (a constant)

_BY_OUTCOME = f"""{_CANDIDATES}
    QUALIFY row_number() OVER (PARTITION BY sort ORDER BY {BY_SEED}) <= $most
    ORDER BY {BY_SEED}
"""

_OF_CLASS = f"""{_CANDIDATES} AND sort <> 'false_alarm'
    ORDER BY {BY_SEED}
"""

_BOXES = """
    SELECT image_id, x0, y0, x1, y1 FROM box JOIN name_match USING (dataset, finding)
    WHERE dataset = $dataset AND class = $class AND image_id IN (SELECT unnest($images))
    ORDER BY image_id, reader, x0, y0
"""


@dataclass(frozen=True, kw_only=True)
class SampledImage:
    """One image that was drawn.

    Attributes:
        key: Its dataset and id.
        sort: Why it is shown.
        predicted: The class that the model gave it; None where one class does not exclude the others.
        share: The probability that the model gave the class that the page is about, in [0, 1].
        readers: The share of the readers who marked it in one of whose boxes the peak lies; NaN unless in any.
    """

    key: Key
    sort: Sort
    predicted: str | None
    share: float
    readers: float


@st.cache_data(max_entries=64, show_spinner=False)
def sampled_images(
    run: RunKey, *, test: TestSet, finding: str, seed: int, method: str = DEFAULT_METHOD
) -> tuple[SampledImage, ...]:
    """Up to six images of each sort, in the order of the page.

    Where readers drew boxes of the class on internal images: those with the peak in a box, then those with it outside.
    Else those recognized, those missed, and those taken for the class. The same seed draws the same images. A model
    that has no internal test shows the images that it was trained on.
    """
    seen = saliency_test(run, test)
    if seen is None:
        return ()
    draw = _by_box if "inside" in sorts(run, seen, finding=finding, method=method) else _by_outcome
    return tuple(draw(run, seen, finding, seed, method))


def sorts(run: RunKey, test: SaliencyTest, *, finding: str, method: str = DEFAULT_METHOD) -> tuple[Sort, ...]:
    """The sorts of images that are drawn, in the order of the page."""
    by_box = test.role != "external_test" and pointing(run, test, finding=finding, method=method).shares
    return ("inside", "outside") if by_box else ("recognized", "missed", "false_alarm")


def sampled_rows(
    run: RunKey, test: SaliencyTest, found: Sequence[SampledImage], *, finding: str, method: str
) -> list[Row]:
    """Drawn images for a download."""
    start = beginning(run, model=test.model, dataset=test.dataset, role=test.role, policy=test.policy)
    return [
        {
            **start,
            **named,
            "finding": finding,
            "method": method,
            "sort": image.sort,
            "predicted": image.predicted,
            "probability": single(image.share),
            "readers_hit": image.readers,
        }
        for image, named in zip(found, image_rows(run, [image.key for image in found]), strict=True)
    ]


@st.cache_data(max_entries=64, show_spinner=False)
def boxes(run: RunKey, *, keys: tuple[Key, ...], finding: str) -> Mapping[Key, tuple[Box, ...]]:
    """All readers' boxes of a class on these images of one dataset; an image without any has no entry."""
    found: dict[Key, tuple[Box, ...]] = {}
    for dataset, images in by_dataset(keys).items():
        parameters: dict[str, Parameter] = {"dataset": dataset, "class": classes(run).index(finding), "images": images}
        for image, *corners in ask(run, _BOXES, parameters):
            x0, y0, x1, y1 = (number(corner) for corner in corners)
            found[dataset, str(image)] = (*found.get((dataset, str(image)), ()), (x0, y0, x1, y1))
    return found


def _by_box(run: RunKey, test: SaliencyTest, finding: str, seed: int, method: str) -> Iterator[SampledImage]:
    shares = pointing(run, test, finding=finding, method=method).shares
    rows = [row for row in ask(run, _OF_CLASS, _parameters(run, test, finding, seed, method)) if row[0] in shares]
    inside = [row for row in rows if shares[str(row[0])] > 0]
    outside = [row for row in rows if shares[str(row[0])] == 0]
    for row in inside[:PER_SORT]:
        yield _sampled_image(run, row, test, sort="inside", readers=shares[str(row[0])])
    for row in outside[:PER_SORT]:
        yield _sampled_image(run, row, test, sort="outside")


def _by_outcome(run: RunKey, test: SaliencyTest, finding: str, seed: int, method: str) -> Iterator[SampledImage]:
    rows = ask(run, _BY_OUTCOME, {**_parameters(run, test, finding, seed, method), "most": PER_SORT})
    for sort in sorts(run, test, finding=finding, method=method):
        for row in rows:
            if row[1] == sort:
                yield _sampled_image(run, row, test, sort=sort)


def _sampled_image(
    run: RunKey, row: tuple[Value, ...], test: SaliencyTest, *, sort: Sort, readers: float = math.nan
) -> SampledImage:
    image, _, predicted, share = row
    return SampledImage(
        key=(test.dataset, str(image)),
        sort=sort,
        predicted=None if predicted is None else classes(run)[int(predicted)],
        share=number(share),
        readers=readers,
    )


def _parameters(run: RunKey, test: SaliencyTest, finding: str, seed: int, method: str) -> dict[str, Value]:
    return {**test.parameters(), "class": classes(run).index(finding), "seed": str(seed), "method": method}
