"""CheXpert's label policies: what blank and uncertain labels count as; a table of one's own shares them."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from cxr_core.findings import no_finding
from cxr_core.labels import Presence, exactly_one, presence_only
from cxr_core.manifest import Policy, Reference, Votes


def u_zeros(votes: Votes) -> Reference:
    """Uncertain and blank are absent; a class if exactly one is positive."""
    return exactly_one((_stated(votes) == 1).astype(np.float32))


def u_ones(votes: Votes) -> Reference:
    """Uncertain is present, blank is absent; a class if exactly one is present."""
    return exactly_one(np.isin(_stated(votes), (1, -1)).astype(np.float32))


def u_ignore(votes: Votes) -> Reference:
    """Uncertain is unknown and leaves the image out, blank is absent; a class if exactly one is positive."""
    stated = _stated(votes)
    present = (stated == 1).astype(np.float32)
    present[stated == -1] = np.nan
    return exactly_one(present)


def explicit(votes: Votes, *, nothing: int | None) -> Reference:
    """Only what was stated counts, blank and uncertain are unknown; presence alone, no class.

    No Finding makes all others absent. Any of those makes No Finding absent, also where both are positive.

    Args:
        votes: Shape ``(images, 1, k)``.
        nothing: Which class is No Finding; None if none is.
    """
    stated = _stated(votes)
    present = np.where(np.isin(stated, (1, 0)), stated, np.float32(np.nan))
    if nothing is not None:
        others = np.arange(stated.shape[1]) != nothing
        found = (stated[:, others] == 1).any(axis=1)
        present[np.ix_((stated[:, nothing] == 1) & ~found, others)] = 0
        present[found, nothing] = 0
    return presence_only(present)


def policies(classes: Sequence[str]) -> tuple[Policy, ...]:
    """The label policies.

    Args:
        classes: What the run's classes are called.
    """
    return (
        Policy(
            name="u_zeros",
            description="Uncertain and blank labels count as negative; the class is the only positive one.",
            rule=u_zeros,
        ),
        Policy(
            name="u_ones",
            description="Uncertain labels count as positive, blank as negative; the class is the only positive one.",
            rule=u_ones,
        ),
        Policy(
            name="u_ignore",
            description="An image with an uncertain label for a class is left out; blank counts as negative; the class "
            "is the only positive one.",
            rule=u_ignore,
            is_default=True,
        ),
        Policy(
            name="explicit",
            description="Only stated labels count, blank and uncertain ones are unknown; presence alone, no single "
            "class.",
            rule=partial(explicit, nothing=no_finding(classes)),
            has_class=False,
        ),
    )


def _stated(votes: Votes) -> Presence:
    if votes.shape[1] != 1:
        raise ValueError(f"these policies take the labels of one reader, found {votes.shape[1]}.")
    return votes[:, 0, :]
