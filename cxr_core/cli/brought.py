"""Models that were brought: from what was typed about their predictions to the source of a run's models."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cxr_core.brought.assigned import assign
from cxr_core.brought.checks import check_softmax
from cxr_core.brought.reading import read
from cxr_core.brought.records import Brought, NamedFile
from cxr_core.brought.studies import Way
from cxr_core.cli.shared import read_datasets, tell_notes
from cxr_core.datasets.table.reader import dataset_name
from cxr_core.errors import SettingsError
from cxr_core.experiment import Experiment
from cxr_core.findings import canonical
from cxr_core.manifest import Manifest
from cxr_core.pipeline import sites
from cxr_core.pipeline.brought_models import BroughtModels
from cxr_core.pipeline.sites import Planned, RoleBasis, SiteName
from cxr_core.pipeline.training_data import TrainingData
from cxr_core.pipeline.workspace import Workspace
from cxr_core.roles import local_model
from cxr_core.settings import Role

SITES: dict[str, tuple[SiteName, Role]] = {
    "internal": ("source", "internal_test"),
    "validation": ("validation", "validation"),
    "external": ("external", "external_test"),
}
"""From an option to the site that it names, and the role of what is tested there."""


def named_files(typed: Sequence[str], *, dataset_of: Sequence[tuple[str, str]]) -> tuple[NamedFile, ...]:
    """Files of predictions, each as FILE or NAME=FILE.

    Args:
        typed: As given with ``--predictions``.
        dataset_of: Pairs of a file and the dataset that it is of.

    Raises:
        SettingsError: If a file is there twice.
    """
    found: list[NamedFile] = []
    for each in typed:
        model, equals, file = each.partition("=")
        path = Path(each) if not equals or Path(each).exists() else Path(file)
        if path.resolve() in [earlier.path.resolve() for earlier in found]:
            raise SettingsError(
                f"--predictions: {path} is there twice. Give each file once; a column 'model' tells models of one file "
                "apart."
            )
        dataset = next((name for named, name in dataset_of if Path(named) == path), None)
        found.append(NamedFile(model=None if path == Path(each) else model, path=path, dataset=dataset))
    return tuple(found)


def pairs(typed: Sequence[str], *, option: str) -> tuple[tuple[str, str], ...]:
    """What was typed as FILE=NAME.

    Raises:
        SettingsError: If something else was.
    """
    found = tuple(each.rpartition("=")[::2] for each in typed)
    if any(not file or not name for file, name in found):
        raise SettingsError(f"{option} expects FILE=NAME, found something else. Give the file, =, and its data set.")
    return found


def tell_names(brought: Brought) -> None:
    """Prints what the names in the files were taken for."""
    print("The names in the predictions, and the findings that they were taken for")
    width = max(len(each.own) for each in brought.matches)
    for each in brought.matches:
        known = each.grade if canonical(each.finding) else "no finding that is known here: under its own name"
        print(f"  {each.own:<{width}}  {each.finding} ({known})")
    for said in brought.notes:
        print(f"  {said}")


def brought_models(
    files: Sequence[NamedFile],
    *,
    specs: dict[str, Sequence[str]],
    findings: Sequence[str],
    settings: Experiment,
    logits: bool,
    threshold: float | None,
    per_study: Way | None,
    training: TrainingData,
    dataset_of: Sequence[tuple[str, str]],
    with_images: bool,
    attributes: Sequence[str],
    workspace: Workspace,
) -> BroughtModels:
    """Reads predictions and labels, and joins them.

    Args:
        files: The predictions.
        specs: From an option of `SITES` to what was typed.
        findings: Those that were asked for; none: those of the files.
        settings: The run's, without its findings.
        logits: Whether scores are logits.
        threshold: The score from which a finding is present where no file states one.
        per_study: How predictions of images become one a study.
        training: What is declared of the training data, without `data_sets`.
        dataset_of: Pairs of a file and the data set whose images it is of.
        with_images: Whether image files are read where there are any.
        attributes: Columns of a table to take as attributes.
        workspace: Where to work.

    Raises:
        CxrError: If something stands in the way that the user can mend.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        raise SettingsError(
            f"--threshold expects a probability from 0 to 1, found {threshold:g}. Of a logit x, with --logits too, "
            "it is 1 / (1 + exp(-x))."
        )
    print("Reading the predictions")
    brought = read(files, findings=tuple(findings) or None, logits=logits)
    tell_names(brought)
    names = {model.model for model in brought.models}
    if names & {local_model(name) for name in names}:
        raise SettingsError(
            "Expected models of names that can be told apart, found one that is called as another with +local behind, "
            "which is what the run calls that other after a fit to local patients. Rename one of the two."
        )
    settings = replace(settings, findings=brought.findings)
    if settings.outputs == "softmax":
        check_softmax(brought)
    print("Reading the label tables")
    read_for = {
        option: read_datasets(
            of_option,
            classes=brought.findings,
            attributes=attributes,
            default=None,
            workspace=workspace,
            needs_images=False,
        )
        for option, of_option in specs.items()
    }
    manifests = [manifest for of_option in read_for.values() for manifest in of_option]
    tell_notes(manifests)
    if not manifests:
        raise SettingsError(
            "score needs labels to compare with, found none. Give --external NAME:DIR or --external table:FILE.csv."
        )
    sites.check_names(manifests)
    sites.check_attributes(attributes, manifests)
    options = [option for option, of_option in read_for.items() for _ in of_option]
    data_sets = _data_sets(dataset_of, predictions=[file.path for file in files], specs=specs, manifests=manifests)
    assigned = assign(brought, manifests, per_study=per_study)
    basis: RoleBasis = "declared" if training.is_declared else "not_known"
    planned = tuple(
        Planned(
            manifest=manifest if with_images else _without_images(manifest),
            site=SITES[option][0],
            role=SITES[option][1],
            unit=assigned.units[manifest.dataset],
            role_basis=basis,
            needs_images=False,
        )
        for option, manifest in zip(options, assigned.manifests, strict=True)
    )
    return BroughtModels(
        brought=brought,
        assigned=assigned,
        sources=tuple(file.path for file in files),
        experiment=settings,
        datasets=planned,
        threshold=threshold,
        training_data=replace(training, data_sets=data_sets),
    )


def _without_images(manifest: Manifest) -> Manifest:
    return replace(manifest, images=manifest.images.assign(file=None))


def _data_sets(
    dataset_of: Sequence[tuple[str, str]],
    *,
    predictions: Sequence[Path],
    specs: dict[str, Sequence[str]],
    manifests: Sequence[Manifest],
) -> dict[str, str]:
    """From a dataset of the run to the public data set that its file was said to be of."""
    named = {Path(file): name for file, name in dataset_of}
    typed = [spec.partition(":")[2] for of_option in specs.values() for spec in of_option]
    if unknown := set(named) - {*map(Path, typed), *predictions}:
        raise SettingsError(
            f"--dataset-of {min(unknown)}: no table of labels or predictions of this command. Give the file as "
            "it stands there."
        )
    found = {}
    for file in typed:
        if Path(file) in named:
            for manifest in manifests:
                if manifest.reader == "table" and manifest.dataset == dataset_name(Path(file)):
                    found[manifest.dataset] = named[Path(file)]
    return found
