"""The flow of images from all to the test, in words."""

from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.labels.data.flow import Flow
from dashboard.labels.data.outcomes import Outcome
from dashboard.notation import counted, in_words, percent
from dashboard.results.side import Side
from dashboard.words import plain

_STEPS: Mapping[str, str] = {
    "rejected": "cannot be read",
    "view": "other view",
    "cap": "over the cap of its class",
    "sample": "not drawn in the sample",
    "not_predicted": "no prediction brought",
    "train": "trained on",
    "validation": "chosen by in training",
    "external_adapted": "adapted to",
    "internal_test": "in the internal test",
    "external_test": "in the external test",
    "unused": "for training, not used",
    "none": "none of the {of}",
    "several": "several of the {of}",
    "uncertain": "uncertain",
    "no_class": "no single class",
    "no_label": "no label of any finding",
}

_UNKNOWN = "for a reason unknown here"
"""A file of a later release may say one."""


def step_name(reason: str, *, of: int) -> str:
    """Why an image is left out of a run of so many classes, in a few words."""
    return _STEPS.get(reason, _UNKNOWN).format(of=in_words(of))


def kept_name(flow: Flow) -> str:
    """What the last step of a flow leaves."""
    return words.role(flow.role)


def who_was_kept(flows: Sequence[Flow]) -> str:
    """How many of all images the tests rest on.

    Args:
        flows: Of the tests that the run has, internal first.
    """
    if flows[0].role == "external_test":
        return _kept(flows[0])
    internal, *external = flows
    if _is_untested(internal):
        answer = "The model was trained on all internal images: none is left for a test."
    else:
        answer = _kept(internal)
    return f"{answer} {_kept(external[0]) if external else f'{Side.EXTERNAL.missing}.'}"


def outcomes_table(outcomes: Sequence[Outcome], *, shown: str) -> dict[str, list[str]]:
    """A row a policy: how many images of the test have a single class, and why the others have none.

    Args:
        outcomes: What each policy makes of the images.
        shown: The policy that is chosen.
    """
    names = [plain(words.policy(outcome.policy)) for outcome in outcomes]
    columns = {
        "Label policy": [
            f"**{name}**" if outcome.policy == shown else name for name, outcome in zip(names, outcomes, strict=True)
        ],
        "in test": [f"**{outcome.kept:,}**" for outcome in outcomes],
    }
    left_out = {
        f"none of {in_words(len(outcomes[0].classes))}": [outcome.none for outcome in outcomes],
        "several": [outcome.several for outcome in outcomes],
        "uncertain": [outcome.uncertain for outcome in outcomes],
        "no class": [outcome.no_class for outcome in outcomes],
    }
    return columns | {name: [f"{count:,}" for count in counts] for name, counts in left_out.items() if any(counts)}


def why_rejected(reasons: Sequence[tuple[str, int]], *, site: str) -> str:
    """Why files were set aside, the most frequent reasons; empty if none were."""
    if not reasons:
        return ""
    said = "; ".join(f"{plain(reason)} ({counted(count, 'file')})" for reason, count in reasons)
    return f"Files of {plain(site)} that cannot be read: {said}"


def finding_only(flow: Flow) -> str:
    """What becomes of the images beyond the cap that the model was asked about; empty where there are none."""
    if not flow.finding_only:
        return ""
    return (
        f"{counted(flow.finding_only, 'image')} over the cap {'was' if flow.finding_only == 1 else 'were'} held out "
        "too: in the task over every image where presence is known, not in the one with a single class."
    )


def flow_described(flow: Flow) -> str:
    """The picture of a flow, for those who do not see it."""
    steps = [f"{step.images:,} {step_name(step.reason, of=flow.of)}" for step in flow.steps]
    return f"Of {counted(flow.listed, flow.noun)}: {', '.join([*steps, f'{flow.kept:,} {kept_name(flow)}'])}."


def _is_untested(internal: Flow) -> bool:
    reasons = {step.reason for step in internal.steps}
    return not internal.kept and "train" in reasons and not reasons & {"none", "several", "uncertain", "no_class"}


def _kept(flow: Flow) -> str:
    share = f" ({percent(flow.kept / flow.listed)})" if flow.listed else ""
    return f"The {kept_name(flow)} holds **{flow.kept:,}** of {counted(flow.listed, flow.noun)}{share}."
