"""What commands share: datasets read, a run found by its name, results told."""

from collections.abc import Sequence
from pathlib import Path

from cxr_core import program
from cxr_core.brought.studies import is_per_study
from cxr_core.manifest import Manifest
from cxr_core.pipeline import sites, stored_answers
from cxr_core.pipeline.summary import summary
from cxr_core.pipeline.workspace import Folders, RunFolder, Workspace
from cxr_core.store.open import open_run


def read_datasets(
    specs: Sequence[str],
    *,
    classes: Sequence[str],
    attributes: Sequence[str],
    default: str | None,
    workspace: Workspace,
    with_tests: bool = True,
    needs_images: bool = True,
) -> list[Manifest]:
    """Reads datasets and says of each how large it is.

    Args:
        specs: NAME:DIR each, or DIR alone where there is a default.
        classes: What the run's classes are called.
        attributes: Columns of a table to take as attributes.
        default: The dataset that a folder without a name is of; None where it must be named.
        workspace: Where their roots are noted.
        with_tests: Whether test sets that radiologists labelled are taken where a folder holds other datasets too.
        needs_images: Whether a table's images must be there.

    Raises:
        CxrError: If a dataset is not as published.
    """
    manifests = [
        manifest
        for spec in specs
        for manifest in sites.read(
            spec,
            classes=classes,
            default=default,
            workspace=workspace,
            attributes=attributes,
            needs_images=needs_images,
        )
    ]
    taken = [manifest for manifest in manifests if with_tests or not manifest.official_test] or manifests
    for manifest in taken:
        unit = "studies" if is_per_study(manifest) else "images"
        print(f"  {manifest.dataset}: {len(manifest.images):,} {unit}")
    return taken


def tell_notes(manifests: Sequence[Manifest]) -> None:
    """Prints what must be known about datasets, each sentence once, under the names of those that it holds for."""
    holders: dict[str, list[str]] = {}
    for manifest in manifests:
        for said in manifest.notes:
            holders.setdefault(said, []).append(manifest.dataset)
    for names in dict.fromkeys(map(tuple, holders.values())):
        every = len(names) == len(manifests) > 1
        print("  All of them" if every else f"  {', '.join(names)}")
        for said in (said for said, of in holders.items() if tuple(of) == names):
            print(f"    {said}")


def complete_run(run: str, *, results: Path) -> RunFolder:
    """The complete run of that name, or in that folder, checked before anything else is read."""
    folder = named_run(run, results=results)
    open_run(folder.results).close()
    return folder


def classes_of(folder: RunFolder) -> tuple[str, ...]:
    """The classes of a complete run, in the order of the outputs."""
    with open_run(folder.results) as connection:
        return stored_answers.classes(connection)


def named_run(run: str, *, results: Path) -> RunFolder:
    """The run of that name, complete or not, or the one in that folder."""
    named = RunFolder(path=results / run)
    return named if named.path.exists() or not Path(run).is_dir() else RunFolder(path=Path(run))


def tell_results(folder: RunFolder, *, cache: Path) -> None:
    """Prints a run's main numbers, where they lie, and what to type next: as it is typed in the shell that began it."""
    where = None if cache == Folders().cache else cache
    print(f"\n{summary(folder.results)}\n")
    print(f"Results: {folder.results}")
    print(f"Next:    {program.dashboard(folder.path.parent, cache=where)}")
