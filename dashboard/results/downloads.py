"""Tables that can be taken along: how a row begins, and how a number goes on. `docs/downloads.md` lists them."""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cxr_core.metrics.record import Task
from dashboard import words
from dashboard.notation import Estimate
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey
from dashboard.results.images import Key
from dashboard.results.metrics import ALL, Number
from dashboard.results.pictures import load_pictures
from dashboard.results.runs import synthetic

Cell = str | bool | int | float | None
"""What a row holds; None and NaN: nothing is defined."""

Row = dict[str, Cell]

BEGINNING = ("run", "synthetic", "model", "dataset", "role", "policy")
GAP_BEGINNING = (
    "run", "synthetic", "model", "internal_dataset", "internal_policy", "external_dataset", "external_policy",
)  # fmt: skip
NUMBER = (
    "task", "stratum", "finding", "metric", "operating_point",
    "value", "low", "high", "n", "n_positive", "n_effective", "not_estimable",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CrossTable:
    """How a table that is no list of numbers is printed: one thing down, another across.

    Attributes:
        down: The columns that name a row.
        across: The column whose values become columns.
        cell: The column that fills them.
    """

    down: tuple[str, ...]
    across: str
    cell: str


@dataclass(frozen=True, kw_only=True)
class Download:
    """A table to take along, made when it is asked for.

    Attributes:
        run: The run's name.
        name: Page and table, as `docs/downloads.md` has it: ``performance_classes``.
        of: What it is of, where the page shows one of several: ``recall``.
        holds: What is in it, in a line of plain text.
        rows: Makes its rows; all have the same columns.
        gaps: Makes the gaps between its numbers, which are a file of their own; None where it has none.
        layout: How it is printed in a paper; None: numbers test beside test, and all else as it is.
    """

    run: str
    name: str
    of: str = ""
    holds: str
    rows: Callable[[], Sequence[Row]]
    gaps: Callable[[], Sequence[Row]] | None = None
    layout: CrossTable | None = None

    @property
    def stem(self) -> str:
        """``demo_performance_classes_recall``: how its files are called, in letters that every system takes."""
        return words.file_stem(self.run, self.name, self.of)


def beginning(
    run: RunKey, *, model: str | None = None, dataset: str | None, role: str | None = None, policy: str | None = None
) -> Row:
    """How a row of one dataset begins; None of what it does not depend on."""
    is_synthetic = None if dataset is None else dataset in synthetic(run)
    values = (run.name, is_synthetic, model, dataset, role, policy)
    return dict(zip(BEGINNING, values, strict=True))


def of_test(run: RunKey, test: TestSet, *, is_test: bool = True) -> Row:
    """How a row of a test begins.

    Args:
        run: The run.
        test: The test.
        is_test: False: its model has no such test, and the images are those that it was trained on.
    """
    role = test.role if is_test else "train"
    return beginning(run, model=test.model, dataset=test.dataset, role=role, policy=test.policy)


def number(
    estimate: Estimate,
    *,
    metric: str,
    finding: str | None,
    task: Task | None = "single_class",
    stratum: str = ALL,
    n_positive: int | None = None,
    operating_point: str | None = None,
) -> Row:
    """How a row goes on that is a number.

    Args:
        estimate: The number.
        metric: Its name in the catalogue, or what it is called in `docs/downloads.md`.
        finding: Of which class; None of no one class.
        task: Over which images; None where the tasks do not tell.
        stratum: Of which of them.
        n_positive: Images with the class; None of no one class.
        operating_point: At which one; None for a number that needs none.
    """
    values = (
        *(task, stratum, finding, metric, operating_point),
        *(estimate.value, estimate.low, estimate.high),
        *(estimate.n, n_positive, estimate.n_effective, not estimate.estimable),
    )
    return dict(zip(NUMBER, values, strict=True))


def gap(
    comparison: Comparison,
    estimate: Estimate,
    *,
    model: str | None,
    metric: str,
    finding: str | None,
    task: Task = "single_class",
    stratum: str = ALL,
    operating_point: str | None = None,
) -> Row:
    """What is lost between the two tests, internal minus external: it has no images of its own."""
    datasets = {comparison.internal_dataset, comparison.external_dataset}
    is_synthetic = not datasets.isdisjoint(synthetic(comparison.run))
    values = (comparison.run.name, is_synthetic, model, *comparison.parameters().values())
    return {
        **dict(zip(GAP_BEGINNING, values, strict=True)),
        **number(estimate, metric=metric, finding=finding, task=task, stratum=stratum, operating_point=operating_point),
        "n": None,
    }


def number_rows(run: RunKey, found: Iterable[Number]) -> list[Row]:
    """Numbers as they are stored, a row each; gaps are left out."""
    return [
        {
            **beginning(run, model=each.model, dataset=each.dataset, role=each.kind, policy=each.policy),
            **number(
                each.estimate,
                metric=each.metric,
                finding=each.finding,
                task=each.task,
                stratum=each.stratum,
                n_positive=each.positives,
                operating_point=each.operating_point,
            ),
        }
        for each in found
        if each.kind != "gap"
    ]


def gap_rows(comparison: Comparison, found: Iterable[Number]) -> list[Row]:
    """The gaps among some numbers, a row each."""
    return [
        gap(
            comparison,
            each.estimate,
            model=each.model,
            metric=each.metric,
            finding=each.finding,
            task=each.task,
            stratum=each.stratum,
            operating_point=each.operating_point,
        )
        for each in found
        if each.kind == "gap"
    ]


def image_rows(run: RunKey, keys: Sequence[Key]) -> list[Row]:
    """The id of each image, and the pseudonym of its patient."""
    known = load_pictures(run, tuple(keys))
    return [{"image_id": key[1], "patient_id": known[key].patient if key in known else None} for key in keys]


def single(value: float) -> float:
    """A number that is stored in four bytes, as the shortest decimal that is it: 0.9 for 0.8999999761581421."""
    stored = struct.pack("f", value)
    tried = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next((decimal for decimal in tried if struct.pack("f", decimal) == stored), value)
