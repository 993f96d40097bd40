"""The commands on results that are there: handed on, checked, looked up, looked at."""

from pathlib import Path
from typing import Annotated

import tyro

from cxr_core import program
from cxr_core.cli.arguments import FoldersArguments, Ids, Name
from cxr_core.cli.shared import complete_run, named_run
from cxr_core.errors import SettingsError, StoreError

DASHBOARD_PORT = 8501


def export(run: Name, *, to: Path, with_images: bool = False, folders: FoldersArguments) -> None:
    """A copy of a run to hand on, without images unless asked for.

    Args:
        run: The run's name, or its folder.
        to: Where to put the copy.
        with_images: Adds a thumbnail of every predicted image. A data use agreement may forbid handing them on.
        folders: Where to look.
    """
    from cxr_core.pipeline.export import export as copy

    written = copy(complete_run(run, results=folders.results), to=to, with_images=with_images, cache=folders.cache)
    print(f"Written to {written}.")
    print(f"To open it: {program.dashboard(to)}")


def verify(run: Name, *, folders: FoldersArguments) -> None:
    """Checks a sealed run and its images against their hashes, and says what to do.

    Args:
        run: The run's name, or its folder.
        folders: Where it lies.
    """
    from cxr_core.pipeline.verify import verify as check

    results = check(named_run(run, results=folders.results), cache=folders.cache)
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
    folders: FoldersArguments,
) -> None:
    """The site's own names behind the ids of a table, on the machine that keeps them in its cache.

    Args:
        run: The run's name, or its folder.
        ids: Of images or patients, as pages and downloads have them.
        listed: A CSV file with such ids, as Cases gives one; it is given back with a column of own names.
        to: Where to write that, for its owner alone to read; without, it is printed.
        folders: Where the run and the cache lie.
    """
    from cxr_core.cli.names import tell_names, write_names

    if bool(ids) == (listed is not None):
        raise SettingsError("lookup takes ids, or --list with a CSV file of them, and found both or neither. Give one.")
    if to is not None and listed is None:
        raise SettingsError("--to says where the list of --list goes, and found none. Leave it out, or give --list.")
    folder = complete_run(run, results=folders.results)
    if listed is None:
        tell_names(folder, ids, private=folders.private)
    else:
        write_names(folder, listed, to=to, private=folders.private)


def dashboard(*, port: int = DASHBOARD_PORT, results: Path | None = None) -> None:
    """The results as pages in a browser, until Ctrl-C.

    Args:
        port: It answers at http://localhost:PORT, on this machine alone.
        results: The folder of runs; by default SECOND_SITE_RESULTS, or else `results` in the working directory.
    """
    from cxr_core.cli.dashboard import serve

    serve(port=port, results=results)
