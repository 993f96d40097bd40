"""The commands, from what was typed to what is printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import tyro

from cxr_core import program
from cxr_core.cli.shared import classes_of, complete_run, named_run, read_datasets, tell_notes, tell_results
from cxr_core.datasets.matching import check_known
from cxr_core.errors import SettingsError, StoreError
from cxr_core.experiment import DEMO, PAPER, Experiment, Views
from cxr_core.phantom.causes.site import CAUSES
from cxr_core.pipeline import sites
from cxr_core.pipeline.workspace import Workspace
from cxr_core.settings import Outputs

Settings = Annotated[Experiment, tyro.conf.arg(name="")]
WorkspaceArguments = Annotated[Workspace, tyro.conf.arg(name="")]
Name = Annotated[str, tyro.conf.Positional]
Ids = Annotated[tuple[str, ...], tyro.conf.Positional]
External = tuple[str, ...]
Files = tuple[str, ...]
Attributes = tuple[str, ...]

DEMO_IMAGES = 1500
DEMO_IMAGES_EXTERNAL = 800
DASHBOARD_PORT = 8501


def paper(
    *,
    source: str,
    external: External,
    attribute: Attributes = (),
    settings: Settings = PAPER,
    workspace: WorkspaceArguments,
) -> None:
    """The paper's protocol: trained on VinBigData, tested on CheXpert.

    Args:
        source: The folder of VinBigData, or NAME:DIR for another dataset in its place.
        external: The folder of CheXpert, or NAME:DIR for other datasets in its place, such as table:mine.csv.
        attribute: Further columns of a table to take as attributes of its images.
        settings: The paper's, unless said otherwise.
        workspace: Where to work.
    """
    defaults = ("vinbigdata", "chexpert")
    _run(settings, source, external, attributes=attribute, workspace=workspace, defaults=defaults, with_tests=False)


def run(
    *,
    source: str,
    external: External,
    attribute: Attributes = (),
    settings: Settings = Experiment(),
    workspace: WorkspaceArguments,
) -> None:
    """Any registered dataset as source, one or more as external sites.

    Args:
        source: NAME:DIR, with NAME one of vinbigdata, chexpert, table.
        external: NAME:DIR, one or more.
        attribute: Further columns of a table to take as attributes of its images.
        settings: Every setting.
        workspace: Where to work.
    """
    _run(settings, source, external, attributes=attribute, workspace=workspace, defaults=(None, None))


def demo(
    *,
    settings: Settings = DEMO,
    images: int = DEMO_IMAGES,
    images_external: int = DEMO_IMAGES_EXTERNAL,
    workspace: WorkspaceArguments,
) -> None:
    """The paper's story on two synthetic hospitals, in minutes: nothing to bring.

    Args:
        settings: The demo's, unless said otherwise; the hospitals are drawn from the same seed.
        images: How many images the source hospital has.
        images_external: How many the external one has.
        workspace: Where to work; the synthetic images lie in the cache.
    """
    from cxr_core.phantom.writing import DRAWING_VERSION, write_sites

    print("Drawing two synthetic hospitals")
    source_data, external_data = write_sites(
        workspace.cache / "phantom" / f"{DRAWING_VERSION}-{images}-{images_external}-{settings.seed}",
        images_source=images,
        images_external=images_external,
        causes=CAUSES,
        seed=settings.seed,
        workers=workspace.workers,
        show_progress=True,
    )
    _run(settings, str(source_data), (str(external_data),), workspace=workspace, defaults=("vinbigdata", "chexpert"))


def phantom(*, to: Path, images: int = 1000, cause: tuple[str, ...] = CAUSES, seed: int = 0, workers: int = 2) -> None:
    """Writes the synthetic hospitals alone, in the layouts of VinBigData and CheXpert.

    Args:
        to: A folder that is empty or does not exist.
        images: How many images each of the two has.
        cause: By what they differ; all causes unless some are named, none for two equal hospitals.
        seed: From which everything is drawn.
        workers: Processes that draw.
    """
    from cxr_core.phantom.writing import write_sites

    source_data, external_data = write_sites(
        to,
        images_source=images,
        images_external=images,
        causes=cause,
        seed=seed,
        workers=workers,
        show_progress=True,
    )
    print(f"Written to {source_data} and {external_data}.")
    next_run = f"run --source vinbigdata:{source_data} --external chexpert:{external_data} --weights none"
    print(f"Next:    {program.command(next_run)}")


def evaluate(
    *,
    run: str,
    external: External,
    attribute: Attributes = (),
    external_images: int | Literal["all"] = "all",
    workspace: WorkspaceArguments,
) -> None:
    """An old run's members on another site; a new run that names its parent.

    Args:
        run: The old run's name, or its folder.
        external: NAME:DIR, one or more.
        attribute: Further columns of a table to take as attributes of its images.
        external_images: About how many single-class images of each, whole patients drawn by the run's seed; or all.
        workspace: Where to work.
    """
    from cxr_core.pipeline.inherited_models import inherited_models
    from cxr_core.pipeline.run import carry_out

    old = complete_run(run, workspace=workspace)
    print("Reading the label tables")
    classes = classes_of(old)
    manifests = read_datasets(external, classes=classes, attributes=attribute, default=None, workspace=workspace)
    tell_notes(manifests)
    sites.check_attributes(attribute, manifests)
    source = inherited_models(old, external=manifests, external_images=external_images)
    tell_results(carry_out(source, workspace=workspace))


def score(
    *,
    predictions: Files,
    external: External = (),
    internal: External = (),
    validation: External = (),
    findings: tuple[str, ...] = (),
    outputs: Outputs = "sigmoid",
    logits: bool = False,
    threshold: float | None = None,
    per_study: Literal["mean", "max"] | None = None,
    trained_on: tuple[str, ...] = (),
    trained_images: Path | None = None,
    dataset_of: tuple[str, ...] = (),
    images: bool = True,
    attribute: Attributes = (),
    views: Views = "all",
    seed: int = 0,
    replicates: int = 2000,
    workspace: WorkspaceArguments,
) -> None:
    """A model that you have, judged from its predictions.

    Args:
        predictions: Tables of predictions, each FILE or NAME=FILE with the name of a model; CSV or Parquet.
        external: Labels of other sites: table:FILE.csv, or NAME:DIR; image files are not needed.
        internal: Labels of the site that the model comes from, held out of its training.
        validation: Labels of images on which a threshold may be chosen.
        findings: Which findings; those of the predictions unless said otherwise.
        outputs: Whether one class excludes the others (softmax) or not.
        logits: Scores are logits, not probabilities.
        threshold: The score from which a finding is called present, where no file states one; 0.5 if not given.
        per_study: How predictions of images become one a study, where the labels are of studies.
        trained_on: Data sets that the model was trained on, such as chexpert, nih or mimic.
        trained_images: A table of images or patients that it was trained on.
        dataset_of: FILE=NAME: the public data set that a table's images are of.
        images: Read image files where there are any, for their pixels and headers.
        attribute: Further columns of a table to take as attributes of its images.
        views: Which projections take part.
        seed: From which the replicates are drawn.
        replicates: Bootstrap replicates behind every interval.
        workspace: Where to work.
    """
    from cxr_core.cli.score import brought_models, named_files, pairs
    from cxr_core.pipeline.run import carry_out
    from cxr_core.pipeline.training_data import TrainingData

    of_files = pairs(dataset_of, option="--dataset-of")
    source = brought_models(
        named_files(predictions, dataset_of=of_files),
        specs={"internal": internal, "validation": validation, "external": external},
        findings=findings,
        settings=Experiment(preset="score", outputs=outputs, views=views, seed=seed, replicates=replicates),
        logits=logits,
        threshold=threshold,
        per_study=per_study,
        training=TrainingData(named=trained_on, listed=trained_images),
        dataset_of=of_files,
        with_images=images,
        attributes=attribute,
        workspace=workspace,
    )
    tell_results(carry_out(source, workspace=workspace))


def export(run: Name, *, to: Path, with_images: bool = False, workspace: WorkspaceArguments) -> None:
    """A copy of a run to hand on, without images unless asked for.

    Args:
        run: The run's name, or its folder.
        to: Where to put the copy.
        with_images: Adds a thumbnail of every predicted image. A data use agreement may forbid handing them on.
        workspace: Where to work.
    """
    from cxr_core.pipeline.export import export as copy

    written = copy(complete_run(run, workspace=workspace), to=to, with_images=with_images, workspace=workspace)
    print(f"Written to {written}.")
    print(f"To open it: {program.dashboard(to)}")


def verify(run: Name, *, workspace: WorkspaceArguments) -> None:
    """Checks a sealed run and its images against their hashes, and says what to do.

    Args:
        run: The run's name, or its folder.
        workspace: Where it lies.
    """
    from cxr_core.pipeline.verify import verify as check

    results = check(named_run(run, workspace=workspace), cache=workspace.cache)
    for finding in results:
        print(f"  {'right' if finding.is_right else 'WRONG'}  {finding.what} {finding.said}")
    wrong = [finding.what for finding in results if not finding.is_right]
    if wrong:
        raise StoreError(f"Not everything is what it was: {', '.join(wrong)}. What to do stands above.")
    print("Nothing is wrong.")


def lookup(
    run: Name,
    *,
    ids: Ids = (),
    listed: Annotated[Path | None, tyro.conf.arg(name="list")] = None,
    to: Path | None = None,
    workspace: WorkspaceArguments,
) -> None:
    """The site's own names behind the ids of a table, on the machine that keeps them in its cache.

    Args:
        run: The run's name, or its folder.
        ids: Of images or patients, as pages and downloads have them.
        listed: A CSV file with such ids, as Cases gives one; it is given back with a column of own names.
        to: Where to write that, for its owner alone to read; without, it is printed.
        workspace: Where the run and the cache lie.
    """
    from cxr_core.cli.names import tell_names, write_names

    if bool(ids) == (listed is not None):
        raise SettingsError("lookup takes ids, or --list with a CSV file of them, and found both or neither. Give one.")
    if to is not None and listed is None:
        raise SettingsError("--to says where the list of --list goes, and found none. Leave it out, or give --list.")
    folder = complete_run(run, workspace=workspace)
    if listed is None:
        tell_names(folder, ids, private=workspace.private)
    else:
        write_names(folder, listed, to=to, private=workspace.private)


def dashboard(*, port: int = DASHBOARD_PORT, results: Path | None = None) -> None:
    """The results as pages in a browser, until Ctrl-C.

    Args:
        port: It answers at http://localhost:PORT, on this machine alone.
        results: The folder of runs; by default SECOND_SITE_RESULTS, or else `results` in the working directory.
    """
    from cxr_core.cli.dashboard import serve

    serve(port=port, results=results)


COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "paper": paper,
    "run": run,
    "evaluate": evaluate,
    "score": score,
    "export": export,
    "verify": verify,
    "lookup": lookup,
    "dashboard": dashboard,
    "phantom": phantom,
}


def _run(
    settings: Experiment,
    source: str,
    external: External,
    *,
    workspace: Workspace,
    defaults: tuple[str | None, str | None],
    attributes: Attributes = (),
    with_tests: bool = True,
) -> None:
    """Carries out a run; `with_tests` takes along the radiologists' test sets that an external folder may hold."""
    from cxr_core.pipeline.run import carry_out
    from cxr_core.pipeline.trained_models import trained_models

    print("Reading the label tables")
    classes = settings.findings
    source_data = read_datasets(
        (source,), classes=classes, attributes=attributes, default=defaults[0], workspace=workspace
    )
    external_data = read_datasets(
        external,
        classes=classes,
        attributes=attributes,
        default=defaults[1],
        workspace=workspace,
        with_tests=with_tests,
    )
    tell_notes([*source_data, *external_data])
    check_known([*source_data, *external_data], classes=classes)
    sites.check_attributes(attributes, [*source_data, *external_data])
    models = trained_models(settings, source=source_data, external=external_data)
    tell_results(carry_out(models, workspace=workspace))
