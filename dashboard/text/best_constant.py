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
    return beside(estimate, constant=f"always answering “{plain(line.best_class)}”", share=line.best_constant)


def beside(estimate: Estimate, *, constant: str, share: float) -> str:
    """``above always answering so (28.7 %)``, Markdown.

    Args:
        estimate: The accuracy; what its interval holds is not clearly different from it.
        constant: What answers without a look at an image.
        share: Its accuracy on the same images.
    """
    said = f"{constant} ({percent(share)})"
    if estimate.high < share:
        return f"**below** {said}"
    if estimate.low > share:
        return f"above {said}"
    return f"**not clearly different** from {said}"
