"""Names of configurations, and a caution where tests are small, in words."""

from collections.abc import Mapping

from dashboard.notation import counted
from dashboard.results.configurations import Configuration
from dashboard.results.side import Side

_FEW_IMAGES = 100


def configuration_name(row: Configuration) -> str:
    """``split, ensemble`` or ``split, single (mean of 3)``; a model that was brought as it is called. Plain text."""
    if row.regime is None:
        return row.model or ""
    return f"{row.regime}, ensemble" if row.members is None else f"{row.regime}, single (mean of {row.members})"


def configuration_meaning(row: Configuration) -> str:
    """What the name of a configuration means, plain text."""
    if row.regime is None:
        return "trained elsewhere: nothing is known here of its training"
    trained = {
        "split": "split: trained on a part of its site's images, tested on the rest",
        "full": "full: trained on all of its site's images",
    }
    who = "ensemble: its members' probabilities averaged" if row.members is None else "single: the mean of its members"
    return f"{trained[row.regime]}; {who}"


def few_images(images: Mapping[Side, int], *, noun: str = "image") -> str | None:
    """A caution where a test is small; None where neither is.

    Args:
        images: Of each test; 0 where there is none.
        noun: What is counted.
    """
    small = [counted(n, f"{side} {noun}") for side, n in images.items() if 0 < n < _FEW_IMAGES]
    if not small:
        return None
    return f"Only {' and '.join(small)}: enough to see that it runs, too few to say how good the model is."
