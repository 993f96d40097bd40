"""What the model is, in a line."""

from collections.abc import Callable

from cxr_core.settings import ARCHITECTURES
from dashboard.notation import counted, in_words, percent, plural
from dashboard.results.model import Labelled, Model, TrainingImages
from dashboard.words import listed, plain


def described(
    model: Model, *, classes: int, site: Callable[[str], str], has_findings: bool = False, noun: str = "image"
) -> str:
    """Networks, what they were trained on, and what share of each site's images counts, Markdown.

    Args:
        model: What is known of it.
        classes: How many the run has.
        site: How a page names a dataset, plain text.
        has_findings: Whether these do not exclude each other.
        noun: What is counted.
    """
    shares = [_share(each, site=site) for each in model.labelled if each.images]
    which = "where any finding is known" if has_findings else f"with exactly one of {in_words(classes)} classes"
    counted_ones = f" {plural(noun).capitalize()} {which} count: {listed(shares)}." if shares else ""
    return f"{networks(model, site=site)}{counted_ones}"


def networks(model: Model, *, site: Callable[[str], str]) -> str:
    """Networks and what they were trained on, Markdown: ``split: 3 networks (ResNet-18), trained on ...``.

    Args:
        model: What is known of it.
        site: How a page names a dataset, plain text.
    """
    if model.is_brought:
        return f"**{plain(model.name)}**: trained elsewhere."
    trained = "" if model.trained is None else f", trained on {_trained(model.trained, site=site)}"
    return f"**{plain(model.name)}**: {_networks(model)}{trained}."


def _networks(model: Model) -> str:
    kind = "" if model.architecture is None else ARCHITECTURES.get(model.architecture, plain(model.architecture))
    many = counted(model.networks, "network")
    if model.folds:
        many = f"{many} in {counted(model.folds, 'fold')}"
    averaged = ", averaged" if model.networks > 1 else ""
    return f"{many}{f' ({kind})' if kind else ''}{averaged}"


def _trained(trained: TrainingImages, *, site: Callable[[str], str]) -> str:
    n = f"{trained.fewest:,}" if trained.fewest == trained.most else f"{trained.fewest:,} to {trained.most:,}"
    return f"{n} {plain(site(trained.dataset))} images"


def _share(labelled: Labelled, *, site: Callable[[str], str]) -> str:
    share = labelled.counted / labelled.images
    return f"{percent(share)} of {labelled.images:,} labelled of {plain(site(labelled.dataset))}"
