"""Tasks, and where they run: an abort, a hang, too much memory or a lost node cost one task."""

from cxr_core.tasks.executor import Executor, Failure, Needs, Outcome, run_all
from cxr_core.tasks.local import Local

__all__ = ["Executor", "Failure", "Local", "Needs", "Outcome", "run_all"]
