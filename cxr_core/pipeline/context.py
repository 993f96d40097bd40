"""The context of a run: where it works, on what, and to whom it tells how far it is."""

from dataclasses import dataclass

from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.progress.meter import Progress
from cxr_core.tasks import Executor


@dataclass(frozen=True, kw_only=True)
class RunContext:
    """What every stage of a run needs and none of its numbers depends on.

    Attributes:
        workspace: Results and cache.
        folder: The run's own, held by this process.
        executor: Where tasks run.
        device: What trains and predicts.
        progress: Told how far the run is.
    """

    workspace: Workspace
    folder: RunFolder
    executor: Executor
    device: str
    progress: Progress
