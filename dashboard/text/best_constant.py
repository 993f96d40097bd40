"""An accuracy beside always giving the same answer, in words."""

from dashboard.notation import Estimate, percent
from dashboard.results.baselines import Baselines
from dashboard.words import plain


def beside_best_constant(estimate: Estimate, line: Baselines, *, where: str = "") -> str:
    """``above always answering “No Finding” there (28.7 %)``, Markdown; empty where no most frequent class is stored.

    Args:
        estimate: The accuracy; what its interval holds is not clearly different from it.
        line: What takes no skill on the same images.
        where: ``there`` or nothing.
    """
    if line.best_class is None:
        return ""
    answer = f"always answering “{plain(line.best_class)}” {where}".rstrip()
    constant = f"{answer} ({percent(line.best_constant)})"
    if estimate.high < line.best_constant:
        return f"**below** {constant}"
    if estimate.low > line.best_constant:
        return f"above {constant}"
    return f"**not clearly different** from {constant}"
