"""Shares of what was answered in one test: of each column of its matrix, and of all its images."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cxr_core.statistics import shares
from cxr_core.statistics.shares import Sums
from dashboard.notation import Estimate, estimate_of
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, Value, ask, number
from dashboard.results.images import ANSWERED, KEPT

_SUMS = f"""
    WITH cell AS (
        SELECT class, predicted, hash(coalesce(patient_id, study_id, image_id)) AS patient, count(*)::DOUBLE AS y
        FROM prediction JOIN reference USING (dataset, image_id) JOIN image USING (dataset, image_id)
        WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy AND class IS NOT NULL
            AND {KEPT} AND {ANSWERED}
        GROUP BY ALL
    ),
    of_class AS (SELECT class, patient, sum(y) AS m FROM cell GROUP BY ALL),
    of_answer AS (SELECT predicted, patient, sum(y) AS m FROM cell GROUP BY ALL),
    of_patient AS (SELECT patient, sum(y) AS m FROM cell GROUP BY ALL)
    SELECT class, predicted, sum(y), sum(y * y), sum(y * m)
    FROM cell JOIN of_answer USING (predicted, patient) GROUP BY ALL
    UNION ALL
    SELECT class, NULL, sum(own.m), sum(own.m * own.m), sum(own.m * of_patient.m)
    FROM of_class AS own JOIN of_patient USING (patient) GROUP BY ALL
    UNION ALL
    SELECT NULL, predicted, sum(own.m), sum(own.m * own.m), sum(own.m * of_patient.m)
    FROM of_answer AS own JOIN of_patient USING (patient) GROUP BY ALL
    UNION ALL
    SELECT NULL, NULL, sum(m), sum(m * m), sum(m * m) FROM of_patient
"""  # noqa: S608 (constants)
"""Over patients, where they are not recorded over studies, else images: sums of y, y² and y m.
Without a class or an answer: of all."""

_Cell = tuple[int | None, int | None]
_Sum = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class AnswerShares:
    """Shares with intervals in closed form, for k classes.

    Attributes:
        of_answer: Shape k x k, the class down, the answer across: of the images with this answer, those of the class.
        called: Of all images, those that the model gives to each class.
        are: Of all images, those of each class.
    """

    of_answer: tuple[tuple[Estimate, ...], ...]
    called: tuple[Estimate, ...]
    are: tuple[Estimate, ...]


def answer_shares(run: RunKey, test: TestSet, *, classes: int) -> AnswerShares:
    """The shares of a test over its images with a single class and an answer; NaN over no image."""
    sums = {_cell(row): _sum(row[2:]) for row in ask(run, _SUMS, test.parameters())}
    places = range(classes)
    return AnswerShares(
        of_answer=tuple(tuple(_share(sums, (i, j), of=(None, j)) for j in places) for i in places),
        called=tuple(_share(sums, (None, j), of=(None, None)) for j in places),
        are=tuple(_share(sums, (i, None), of=(None, None)) for i in places),
    )


def _cell(row: tuple[Value, ...]) -> _Cell:
    true, predicted = (None if place is None else int(number(place)) for place in row[:2])
    return true, predicted


def _sum(values: Iterable[Value]) -> _Sum:
    """A sum over no patient is NULL, and here 0: nothing was counted."""
    part, squares, products = (0.0 if value is None else number(value) for value in values)
    return part, squares, products


def _share(sums: Mapping[_Cell, _Sum], cell: _Cell, *, of: _Cell) -> Estimate:
    (part, part_squares, products), (whole, whole_squares, _) = (sums.get(each, (0.0, 0.0, 0.0)) for each in (cell, of))
    found = shares.of_sums(
        Sums(part=part, whole=whole, part_squares=part_squares, products=products, whole_squares=whole_squares)
    )
    return estimate_of(found, n=int(whole))
