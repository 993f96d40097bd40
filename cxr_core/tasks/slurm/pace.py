"""How often a cluster is looked at, and how long is waited for what."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often is looked, and how long is waited for what, in seconds.

    Attributes:
        look_s: Between two looks for outcomes.
        ask_s: Between two questions to the cluster: one for all elements.
        grace_s: A file that a node wrote may be on its way through a network file system: an outcome, what a task made.
        in_vain_s: How long a job waits for what does not come by itself before that is an error.
        away_s: How long the cluster may leave questions unanswered.
        end_s: How long jobs of an earlier start may take to end.
    """

    look_s: float = 1.0
    ask_s: float = 5.0
    grace_s: float = 30.0
    in_vain_s: float = 60.0
    away_s: float = 1800.0
    end_s: float = 90.0
