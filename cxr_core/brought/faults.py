"""What is said where a table of predictions cannot be taken: where, what was expected, what to do; never a cell."""

from collections.abc import Sequence
from pathlib import Path

from cxr_core.datasets.tables import Table
from cxr_core.errors import DataError, SettingsError

SCORES = (
    "Give numbers from 0 to 1 (a percentage divided by 100, yes and no in a column 'flag'), and leave a cell blank "
    "where the model says nothing."
)
OUTSIDE = "Are these logits? --logits turns them into probabilities; percentages must be divided by 100."
IDS = "Export ids as text, as the labels spell them."
FORMS = "paths, file names, file names without suffix, and studies"
"""What ids are compared as, in this order."""

_ID_HEADERS = "image, id, path, study, accession number"


def no_id(path: Path, count: int) -> DataError:
    """No column holds ids."""
    return DataError(
        f"{path}:1: expected a column of ids ({_ID_HEADERS} or the like), found none among {count} columns. Name the "
        "column that says which image or study a row is of."
    )


def no_findings(path: Path, *, asked: bool) -> DataError:
    """No column, and no row, is of a finding."""
    which = "of a finding that --findings names" if asked else "of a finding"
    return DataError(
        f"{path}:1: expected scores or flags {which}, found none. Name columns as the findings are called, or name the "
        "findings in a column 'finding'; --findings NAME takes a name that nobody knows."
    )


def one_finding_unnamed(path: Path, *, asked: int) -> DataError:
    """A long table that does not say which finding it speaks of."""
    found = f"--findings names {asked}" if asked else "--findings is not given"
    return DataError(
        f"{path}:1: expected a column 'finding', or one finding in --findings, found neither ({found}). Name the "
        "finding that these rows speak of with --findings NAME."
    )


def no_result(path: Path) -> DataError:
    """A long table without a score and without a flag."""
    return DataError(
        f"{path}:1: expected a column 'score' (0 to 1) or 'flag' (yes or no, positive or negative, 1 or 0), found "
        "neither. Name it so."
    )


def two_forms(path: Path) -> DataError:
    """Findings in rows, and in columns too."""
    return DataError(
        f"{path}:1: expected findings in a column 'finding' or a column for each, found both. Remove one of the two, "
        "since they may differ."
    )


def says_nothing(path: Path, model: str) -> DataError:
    """All cells of a model are blank."""
    return DataError(
        f"{path}:1: expected a score or a flag in at least one row of the model {model!r}, found blank cells alone. "
        "Get the table again, or leave the model out."
    )


def said_twice(table: Table, position: int, column: str, *, earlier: str) -> DataError:
    """One model says something of one image and finding twice."""
    return table.fault(
        position,
        column=column,
        expected="each id once for a model, data set and finding",
        found=f"that of {earlier} again",
        remedy="Remove one of the two rows, or tell models apart with a column 'model' or --predictions NAME=FILE, and "
        "sites with a column 'dataset'.",
    )


def two_thresholds(table: Table, position: int, column: str) -> DataError:
    """A finding has more than one threshold."""
    return table.fault(
        position,
        column=column,
        expected="one threshold for each model and finding",
        found="another than further up",
        remedy="Give each finding one threshold in all rows and files of a model.",
    )


def one_finding_in_two_columns(path: Path, finding: str) -> DataError:
    """Two columns mean one finding."""
    return DataError(
        f"{path}:1: expected one column for each finding, found two that mean {finding!r}. Remove or rename one."
    )


def too_many(path: Path, what: str, *, found: int, most: int, remedy: str) -> DataError:
    """More of something than a run takes."""
    return DataError(f"{path}:1: expected at most {most} {what}, found {found}. {remedy}")


def two_names(path: Path, column: str, count: int) -> DataError:
    """A model is named for a file whose rows name several."""
    return DataError(
        f"{path}:1: column {column!r}: expected one model, since --predictions NAME=FILE names it, found {count}. "
        "Give the file without NAME=."
    )


def several_datasets(where: str, count: int, datasets: Sequence[str]) -> DataError:
    """Ids that images of two data sets have."""
    return DataError(
        f"{where}: expected ids of one data set, found {count} that meet images of several ({', '.join(datasets)}). "
        "Add a column 'dataset', or give one file a site with --dataset-of FILE=NAME."
    )


def no_such_dataset(where: str, *, datasets: Sequence[str]) -> DataError:
    """Places that name other data sets than the run's."""
    return DataError(
        f"{where}: column 'dataset': expected one of {', '.join(datasets)}, found others alone. A data set is "
        "called as its table is: correct the column, or --dataset-of FILE=NAME."
    )


def none_known(where: str, *, datasets: Sequence[str], spelt_otherwise: int) -> DataError:
    """Ids that no labels know; some of them perhaps in another spelling."""
    others = f"{spelt_otherwise} would meet if case and leading zeros did not count. " if spelt_otherwise else ""
    return DataError(
        f"{where}: expected ids that the labels of {', '.join(datasets)} know, found none. Tried as {FORMS}. {others}"
        "Spell the ids of predictions and labels alike."
    )


def one_image_twice(where: str, earlier: str) -> DataError:
    """Two ids that meet one image."""
    return DataError(
        f"{where}: column of ids: expected one id for each image, found one that meets the same image as that of "
        f"{earlier}. Remove one of the two, or give paths as the labels do."
    )


def per_image(where: str, dataset: str) -> SettingsError:
    """Predictions per image where the unit is a study."""
    return SettingsError(
        f"{where}: expected predictions per study, as {dataset} is taken, found predictions per image. "
        "--per-study mean or --per-study max makes one of the images of a study."
    )


def flags_have_no_mean(model: str) -> SettingsError:
    """The mean of yes and no."""
    return SettingsError(
        f"--per-study mean: the model {model!r} has flags alone, which have no mean. --per-study max takes a study as "
        "flagged where one of its images is."
    )


def no_sum_of_one(where: str, *, found: str) -> DataError:
    """Places that are no softmax."""
    return DataError(
        f"{where}: expected scores that sum to 1 over all findings, as --outputs softmax says, found {found}. Give the "
        "score of every class, or leave out --outputs softmax."
    )
