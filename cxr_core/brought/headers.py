"""The usual headers of tables of predictions, and what each column is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cxr_core.findings import spelling

Role = Literal["id", "study", "finding", "score", "flag", "result", "threshold", "model", "version", "dataset"]

_HEADERS: Mapping[Role, tuple[str, ...]] = {
    "id": (
        *("image", "image id", "imageid", "image index", "image path", "image name", "image file", "img", "img id"),
        *("path", "file", "filename", "file name", "file path", "filepath", "dicom id", "dicomid", "dicom"),
        *("sop instance uid", "sopinstanceuid", "id", "uid", "case id", "caseid", "case"),
    ),
    "study": (
        *("study", "study id", "studyid", "study uid", "study instance uid", "studyinstanceuid", "study path"),
        *("accession number", "accessionnumber", "accession", "exam id", "examid", "exam"),
    ),
    "finding": ("finding", "finding name", "pathology", "abnormality", "disease", "class", "class name", "label"),
    "score": ("score", "ai score", "probability", "prob", "confidence", "abnormality score"),
    "flag": ("flag", "flagged", "ai flag", "decision", "call", "positive"),
    "result": ("result indicator", "ai result", "result", "prediction", "pred"),
    "threshold": ("threshold", "cutoff", "cut off", "operating point"),
    "model": ("model", "model name", "model id", "algorithm", "ai model"),
    "version": ("version", "model version", "software version"),
    "dataset": ("dataset", "data set"),
}
"""What a column is, by its name without regard to case, spaces, underscores and hyphens; of several columns of one
role the name that stands first here is taken."""

_NOT_TAKEN = frozenset(
    {
        *("age", "sex", "gender", "race", "ethnicity", "view", "view position", "frontal/lateral", "ap/pa", "fold"),
        *("split", "manufacturer", "platform", "modality", "body part examined", "contrast indication", "exam name"),
        *("target", "truth", "ground truth", "y true", "index", "row", "unnamed: 0", "height", "width"),
    }
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
    by_spelling = {_spelt(name): name for name in reversed(names)}
    of: dict[Role, str] = {}
    known: set[str] = set()
    for role, headers in _HEADERS.items():
        found = [by_spelling[header] for header in headers if header in by_spelling]
        known |= set(found)
        if found:
            of[role] = found[0]
    results = tuple(name for name in names if _spelt(name) in _HEADERS["result"])
    of.pop("result", None)
    dull = [name for name in names if _spelt(name) in _NOT_TAKEN]
    others = tuple(name for name in names if name not in known and name not in dull)
    return Columns(of=of, results=results, others=others)


def _spelt(name: str) -> str:
    return spelling(name.replace(".", " "))
