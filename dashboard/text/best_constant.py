"""An accuracy beside always giving the same answer, in words."""

from dashboard.notation import Estimate, percent
from dashboard.results.baselines import Baselines
from dashboard.words import plain


def beside_best_constant(estimate: Estimate, line: Baselines) -> str:
    """``above always answering “No Finding” (28.7 %)``, Markdown; empty where no most frequent class is stored.

    Args:
        estimate: The accuracy; what its interval holds is not clearly different from it.
        line: What takes no skill on the same images.
    """
    if line.best_class is None:
        return ""
    constant = f"always answering “{plain(line.best_class)}” ({percent(line.best_constant)})"
    if estimate.high < line.best_constant:
        return f"**below** {constant}"
    if estimate.low > line.best_constant:
        return f"above {constant}"
    return f"**not clearly different** from {constant}"
