"""A sentence or a label for each part of the page."""

from collections.abc import Mapping, Sequence

from cxr_core.metrics.record import TASKS, Baseline, Metric, Task
from dashboard.notation import (
    FEWEST,
    NOT_ESTIMABLE,
    amount,
    bracket,
    counted,
    counting,
    first_of,
    percent,
    plural,
    points,
)
from dashboard.performance.data.confidence import Confidence
from dashboard.performance.data.configurations import Panel
from dashboard.performance.data.operating import OperatingPoint
from dashboard.performance.data.subgroups import Subgroup
from dashboard.performance.text.names import record
from dashboard.results.baselines import Baselines
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair
from dashboard.results.side import Side
from dashboard.text.counts import of_both, too_few
from dashboard.text.gaps import missing
from dashboard.text.intervals import as_counted
from dashboard.words import listed, plain, policy


def marked(points: Mapping[Side, Sequence[OperatingPoint]]) -> str:
    """What the open marks on the curves are, and at which thresholds they stand."""
    shown = [point for of_side in points.values() for point in of_side]
    carried = next((point.threshold for point in shown if not point.is_local), None)
    local = next((point.threshold for point in shown if point.is_local), None)
    said = (
        [] if carried is None else [f"Open {'/'.join(side.mark for side in points)}: at the threshold {carried:.4g}."]
    )
    return " ".join([*said, *([] if local is None else [f"△: at the local one, {local:.4g}."])])


def macro_note(panels: Sequence[Panel], *, model: str, has_patients: bool = True) -> str:
    """Which classes the macro averages leave out, and what is compared then; empty where they leave out none.

    Args:
        panels: The panels.
        model: The id of the model that the page is about.
        has_patients: Whether it is recorded of whom images are.
    """
    rows = [row for panel in panels for row in panel.rows if row.configuration.model == model]
    if not rows:
        return ""
    averaged = rows[0].averaged
    said = [
        f"{side.where} {_left_out(missing, averaged.classes)}" for side, missing in averaged.missing.items() if missing
    ]
    if not said:
        return ""
    unlike = len(averaged.missing) == len(Side) and not averaged.is_alike("macro_recall")
    why = "Gaps are over the classes that both have; marks of different classes are not joined."
    worth = as_counted(has_patients=has_patients)
    note = f"Macro averages leave out classes with fewer than 30 images{worth}: {'; '.join(said)}."
    return f"{note} {why}" if unlike else note


def _left_out(missing: Sequence[str], classes: Sequence[str]) -> str:
    if len(missing) == len(classes):
        return "no class has as many"
    return f"without {', '.join(first_of([plain(finding) for finding in missing]))}"


def undefined_note(panels: Sequence[Panel]) -> str:
    """Why a macro average may be undefined; empty where none is."""
    estimates = [
        estimate
        for panel in panels
        for row in panel.rows
        for estimate in (row.configuration.internal, row.configuration.external)
    ]
    if any(estimate is not None and estimate.estimable and not estimate.is_number for estimate in estimates):
        return "Precision is undefined where a class is never answered, and so is an average with it."
    return ""


def area(side: Side, score: Number | None, *, name: str, absent: str) -> str:
    """The area under a curve and what it rests on, as it is written over the curve.

    Args:
        side: Which test.
        score: The area; None where there is no such test.
        name: What it is called.
        absent: What to say where there is no such test.
    """
    start = f"{side.mark} {side}"
    if score is None:
        return f"{start}: {absent}"
    if not score.estimate.is_number:
        few = too_few(score)
        return f"{start}: {NOT_ESTIMABLE}, {few} in {counted(score.estimate.n, score.noun)}"
    said = f"<b>{amount(score.estimate)}</b> {bracket(score.estimate)}".strip()
    return f"{start}: {name} {said}, {score.images:,} of {counted(score.estimate.n, score.noun)}"


def sureness(side: Side, confidence: Confidence, *, absent: str) -> str:
    """What a histogram of confidence holds, as it is written over it."""
    start = f"{side.mark} {side}"
    if confidence.n == 0:
        return f"{start}: {absent}"
    if not confidence.is_estimable:
        return f"{start}: {NOT_ESTIMABLE}, {counting(confidence.n, worth=confidence.n_effective)}"
    right = f"filled: {percent(confidence.accuracy)} right, hatched: {percent(1 - confidence.accuracy)} wrong"
    return f"{start}: {counted(confidence.n, 'image')}; {right}"


def how_sure(
    tests: Mapping[Side, Confidence], *, baselines: Baselines | None, is_alone: bool = False, has_patients: bool = True
) -> str:
    """How sure the model is on average and how often it is right, and what that is worth in the external test.

    Args:
        tests: Its answers in each test that there is.
        baselines: The no-skill lines of the external test.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
        has_patients: Whether it is recorded of whom images are.
    """
    said = [
        f"on average **{percent(confidence.mean)}** sure {side.where} "
        f"and right on **{percent(confidence.accuracy)}** :gray[{_interval(confidence)}] "
        f"of {counted(confidence.n, 'image')}{_too(confidence)}"
        for side, confidence in tests.items()
        if confidence.is_estimable
    ]
    if not said:
        few = f"Fewer than 30 images{as_counted(has_patients=has_patients)}, in either test"
        return f"{few}: how sure it is, and rightly so, is {NOT_ESTIMABLE}."
    sentence = "; ".join(said)
    has_external = Side.EXTERNAL in tests and tests[Side.EXTERNAL].is_estimable
    without = "" if is_alone else missing({side for side, confidence in tests.items() if confidence.n})
    return f"{without} It is {sentence}.{_constant(baselines) if has_external else ''}".strip()


def rests_on(panels: Sequence[Panel], *, is_alone: bool = False) -> str:
    """How many images each test has, and what the brackets are.

    Args:
        panels: The panels.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    found = [row.configuration for panel in panels for row in panel.rows]
    rows = [row for row in found if row.members is None]
    internal = max((row.internal.n for row in rows if row.internal is not None), default=0)
    external = max((row.external.n for row in rows if row.external is not None), default=0)
    tests = {"Internal test": internal, "External test": external}
    said = [f"{name}: {counted(n, 'image') if n else 'none'}." for name, n in tests.items() if n or not is_alone]
    is_brought = all(row.regime is None for row in found)
    ranges = "" if is_brought else "; for single members: lowest to highest"
    return f"{' '.join(said)} In brackets: 95 % intervals{ranges}."


def caption_of_classes(*, metric: Metric, task: Task, is_alone: bool = False) -> str:
    """How a metric of the classes is read, and over which images it is.

    Args:
        metric: Which.
        task: Over which images.
        is_alone: Whether the run has one test alone, so that nothing is said of another.
    """
    lines: dict[Baseline | None, str] = {
        "half": " Dashed: chance.",
        "prevalence": " Gray ticks: what takes no skill, the share of images with the finding at each site.",
    }
    sides = "" if is_alone else ", internal and external"
    over = f"Over {TASKS[task]}. In brackets: 95 % intervals. Under each name: what it rests on{sides}."
    return f"{metric.how_to_read} {over}{lines.get(metric.baseline, '')}"


def counted_classes(rows: Sequence[Pair]) -> str:
    """What the metric rests on in each class, where there is no number of any to draw."""
    return f"What it rests on: {'; '.join(first_of([f'{plain(row.name)}: {of_both(row)}' for row in rows]))}."


def none_estimable(panels: Sequence[Panel]) -> str:
    """The metrics of which no configuration has a number; empty where each has one."""
    without = [record(panel.metric).label for panel in panels if not panel.has_number]
    return f"Not estimable for any configuration: {listed(without)}." if without else ""


def caption_of_groups(
    groups: Sequence[Subgroup], *, finding: str | None, what: str | None = None, noun: str = "image"
) -> str:
    """What the numbers of the groups are.

    Args:
        groups: The groups.
        finding: The class; None: all classes.
        what: What is measured of findings that do not exclude each other.
        noun: What is counted.
    """
    attributes = dict.fromkeys(group.kind for group in groups if group.is_by_attribute)
    known = ["view", "sex", "age", *map(plain, attributes)]
    unknown = (
        f"{plural(noun).capitalize()} whose {', '.join(known[:-1])} or {known[-1]} is not recorded are only in the "
        "first row. In brackets: 95 % intervals."
    )
    if attributes:
        few = f"the values that at least {FEWEST} test {plural(noun)} of a site have, at most twelve of each"
        unknown += f" By {', '.join(known[3:])}: {few}."
    if what is not None:
        return f"{plain(what)}. {unknown}"
    if finding is not None:
        return f"Recall of {plain(finding)}, n: images of that class. {unknown}"
    share = "Share of images of any class that are right, each image counting the same; n: images."
    return f"{share} Gray ticks: the best constant answer in that group. {unknown}"


def hidden_groups(groups: Sequence[Subgroup], *, noun: str = "image", has_patients: bool = True) -> str:
    """How many groups have too few images to be shown as a number; empty where all are shown.

    Args:
        groups: The groups.
        noun: What is counted.
        has_patients: Whether it is recorded of whom images are.
    """
    shown = {side: [group.scores.sides[side] for group in groups if side in group.scores.sides] for side in Side}
    few = {side: [number for number in own if not number.estimate.estimable] for side, own in shown.items()}
    if not any(few.values()):
        return ""
    said = " and ".join(f"{len(few[side])} of {counted(len(own), f'{side} row')}" for side, own in shown.items() if own)
    worth = " as patients count" if has_patients else ""
    return f"Not estimable, with fewer than {FEWEST} {plural(noun)}{worth}: {said}."


def groups_elsewhere(found: Mapping[Side, Sequence[str]]) -> str:
    """Why a test has no groups under its label policy, and under which it has; empty where no test lacks them.

    Args:
        found: Of each test without groups, the policies under which there are some.
    """
    if not found:
        return ""
    named = [f"{side.where} {listed([f'“{plain(policy(name))}”' for name in names])}" for side, names in found.items()]
    return (
        "No subgroups under this label policy: with more than ten classes they are computed under the first ones "
        f"alone, {' and '.join(named)}."
    )


def no_groups(*, finding: str | None) -> str:
    """Why there is no group to show, and what to do.

    Args:
        finding: The class; None: all classes.
    """
    if finding is None:
        return "This model was not tested under these label policies. Pick another policy above."
    return f"No image of {plain(finding)} was tested under these label policies. Pick another class, or a policy above."


def _interval(confidence: Confidence) -> str:
    return plain(f"[{points(confidence.low)}, {points(confidence.high)}]")


def _too(confidence: Confidence) -> str:
    difference = confidence.mean - confidence.accuracy
    if not confidence.is_off or abs(difference) < 0.0005:
        return ""
    return f" ({points(abs(difference))} points too {'sure' if difference > 0 else 'modest'})"


def _constant(baselines: Baselines | None) -> str:
    if baselines is None or not baselines.estimable or baselines.best_class is None:
        return ""
    return (
        f" Always answering “{plain(baselines.best_class)}” is right on {percent(baselines.best_constant)} externally."
    )
