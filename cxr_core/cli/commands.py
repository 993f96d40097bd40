"""The commands, and those of them that train or draw, from what was typed to what is printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from cxr_core import program
from cxr_core.cli.arguments import Attributes, External, Settings, WorkspaceArguments
from cxr_core.cli.results import dashboard, export, lookup, verify
from cxr_core.cli.score import score
from cxr_core.cli.shared import classes_of, complete_run, read_datasets, tell_notes, tell_results
from cxr_core.datasets.matching import check_known
from cxr_core.experiment import DEMO, PAPER, Experiment
from cxr_core.phantom.causes.site import CAUSES
from cxr_core.pipeline import sites
from cxr_core.pipeline.workspace import Workspace

DEMO_IMAGES = 1500
DEMO_IMAGES_EXTERNAL = 800


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

    old = complete_run(run, results=workspace.results)
    print("Reading the label tables")
    classes = classes_of(old)
    manifests = read_datasets(external, classes=classes, attributes=attribute, default=None, workspace=workspace)
    tell_notes(manifests)
    sites.check_attributes(attribute, manifests)
    source = inherited_models(old, external=manifests, external_images=external_images)
    tell_results(carry_out(source, workspace=workspace), cache=workspace.cache)


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
    tell_results(carry_out(models, workspace=workspace), cache=workspace.cache)
