"""What is said of one image, as downloads."""

from collections.abc import Iterable, Mapping, Sequence

from dashboard.image.data.answer import Answer
from dashboard.image.data.truth import Truth
from dashboard.results.metrics import CsvRow


def probabilities_to_csv_rows(answer: Answer, *, classes: Sequence[str]) -> list[CsvRow]:
    """A row a model, the ensemble first; a column a class, in [0, 1]."""
    return [
        _with_classes({"model": said.model}, zip(classes, said.probability, strict=True))
        for said in (answer.ensemble, *answer.members)
    ]


def policies_to_csv_rows(truths: Sequence[Truth]) -> list[CsvRow]:
    """A row a label policy that knows the image; a column a class: 1, 0, or NaN where the policy does not know."""
    return [
        _with_classes(
            {"policy": truth.policy, "class": truth.finding, "left_out": truth.left_out},
            zip(truth.classes, truth.present, strict=False),
        )
        for truth in truths
        if truth.present
    ]


def _with_classes(own: Mapping[str, str | None], values: Iterable[tuple[str, float]]) -> CsvRow:
    """A row's own columns, then one for each class: a class that is called like another column says that it is one."""
    row: CsvRow = dict(own)
    for finding, value in values:
        name = finding
        while name in row:
            name = f"class {name}"
        row[name] = value
    return row
