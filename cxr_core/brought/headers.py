"""The usual headers of tables of predictions, and what each column is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cxr_core.datasets import headings

Role = Literal["id", "study", "finding", "score", "flag", "result", "threshold", "model", "version", "dataset"]

_HEADERS: Mapping[Role, tuple[str, ...]] = {
    "id": ("image", "image id", *headings.OF_FILES, *headings.OF_IMAGES, *headings.OF_ROWS),
    "study": ("study", *headings.OF_STUDIES, "exam"),
    "finding": ("finding", "finding name", "pathology", "abnormality", "disease", "class", "class name", "label"),
    "score": ("score", "ai score", "probability", "prob", "confidence", "abnormality score"),
    "flag": ("flag", "flagged", "ai flag", "decision", "call", "positive"),
    "result": ("result indicator", "ai result", "result", "prediction", "pred"),
    "threshold": ("threshold", "cutoff", "operating point"),
    "model": ("model", "model name", "model id", "algorithm", "ai model"),
    "version": ("version", "model version", "software version"),
    "dataset": ("dataset",),
}
"""What a column is, by its name; of several columns of one role the name that stands first here is taken."""

_NOT_TAKEN = (
    *headings.ABOUT,
    *(heading for others in headings.ABOUT.values() for heading in others),
    *("race", "ethnicity", "frontal/lateral", "ap/pa", "fold", "split", "manufacturer", "platform", "modality"),
    *("body part examined", "contrast indication", "exam name", "target", "truth", "ground truth", "y true", "index"),
    *("row", "unnamed: 0", "height", "width"),
)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of one table.

    Attributes:
        of: The column of each role; of ``result`` there may be several, in `results`.
        results: Columns that may hold a flag, a score or a finding, which their cells tell.
        others: Columns that may be findings.
    """

    of: Mapping[Role, str]
    results: tuple[str, ...]
    others: tuple[str, ...]


def columns(names: Sequence[str]) -> Columns:
    """What each column of a table is, to judge by its name."""
    there = {headings.key(name): name for name in reversed(names)}
    of = {role: name for role, usual in _HEADERS.items() if (name := headings.first(usual, there=there)) is not None}
    of.pop("result", None)
    known = {headings.key(heading) for usual in (*_HEADERS.values(), _NOT_TAKEN) for heading in usual}
    of_results = {headings.key(heading) for heading in _HEADERS["result"]}
    return Columns(
        of=of,
        results=tuple(name for name in names if headings.key(name) in of_results),
        others=tuple(name for name in names if headings.key(name) not in known),
    )
