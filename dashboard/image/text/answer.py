"""The answer for an image and its truth, in words."""

from dashboard import words
from dashboard.image.data.answer import Answer
from dashboard.image.data.truth import Truth
from dashboard.image.text.labels import no_single_class
from dashboard.notation import in_words, probability
from dashboard.words import plain

_LEFT_OUT = {
    "view": "it is not a view that this run reads",
    "cap": "its class had enough images without it",
    "sample": "it was not drawn for this run",
    "not_predicted": "no prediction was brought for it",
}
_UNKNOWN = "it was left out for a reason unknown here"


OPENING = ":gray[Shown first: the external image that it got most confidently wrong.]"


BEYOND_CAP = (
    ":gray[It is over the cap of its class: it counts in the task over every image where presence is known, and in no "
    "number of images with a single class.]"
)


TRAINING_BADGE = ":gray-badge[○ training image of this model]"


def why(answer: Answer, truth: Truth | None) -> str:
    """The model's answer, what is true, and whether the members agree; of a training image, that it is no test.

    Args:
        answer: Of the ensemble and its members.
        truth: The class under the policy that is shown; None if the dataset has no such policy.
    """
    said = answer.ensemble
    claim = f"**{plain(said.finding)}** with {probability(said.probability[said.predicted])}"
    if answer.role == "train":
        known = "" if truth is None or truth.index is None else f" The reference standard says {_true(answer, truth)}."
        return f"{TRAINING_BADGE} It was trained on this image, so this is no test. It answers {claim}.{known}"
    if truth is None or truth.index is None:
        return f"{no_single_class(truth)} The model answers {claim}. {agreement(answer)}".strip()
    if truth.index == said.predicted:
        return f":material/check: {claim}, rightly. {agreement(answer)}".strip()
    got = probability(said.probability[truth.index])
    return (
        f":material/close: **{plain(truth.finding or '')}** taken for {claim}; the true class got {got}. "
        f"{agreement(answer)}"
    ).strip()


def agreement(answer: Answer) -> str:
    """``Two of three members agree.``; empty where there is one member or none."""
    total = len(answer.members)
    if total < 2:
        return ""
    if answer.agreeing == total:
        return f"{'Both' if total == 2 else f'All {in_words(total)}'} members agree."
    agreeing = in_words(answer.agreeing).capitalize() if answer.agreeing else "None"
    return f"{agreeing} of {in_words(total)} members {'agree' if answer.agreeing > 1 else 'agrees'}."


def no_answer(*, role: str | None, left_out: str | None) -> str:
    """Why there is no answer."""
    if role is None:
        return not_asked(left_out=left_out)
    return "This model gives no single answer about this image, so it is neither right nor wrong."


def not_asked(*, left_out: str | None) -> str:
    """Why there is no answer."""
    if left_out is None:
        return "This model was not asked about this image: the run keeps it out of training and tests."
    return f"This model was not asked about this image: {_LEFT_OUT.get(left_out, _UNKNOWN)}."


def role_of(role: str | None) -> str:
    """What an image is to the model, from the role in which that was asked about it."""
    if role is None:
        return "not used"
    return "training image" if role == "train" else words.role(role)


def _true(answer: Answer, truth: Truth) -> str:
    got = probability(answer.ensemble.probability[truth.index or 0])
    if truth.index == answer.ensemble.predicted:
        return "the same"
    return f"**{plain(truth.finding or '')}**, which got {got}"
