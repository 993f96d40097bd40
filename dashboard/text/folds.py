"""A sentence on the answer that counts for an image in a run with folds."""

from collections.abc import Sequence

from cxr_core.roles import pooled_ensemble
from dashboard.words import plain


def one_answer_an_image(model: str, *, sites: Sequence[str]) -> str:
    """Which networks answer for images one by one, and that the model's numbers are of fewer.

    Args:
        model: What is shown.
        sites: Where all folds' networks answer together; empty in a run without folds.

    Returns:
        A few sentences in Markdown; empty without `sites`.
    """
    if not sites:
        return ""
    where = " and ".join(plain(name) for name in sites)
    return (
        f"In folds, an image of {where} is answered here by the networks of all folds together "
        f"(**{plain(pooled_ensemble(model))}**, a model of its own); one that a fold held out, by the networks of that "
        f"fold. The numbers of **{plain(model)}** in Overview and class by class are means over the folds, so that as "
        "many networks answer internally as externally."
    )
