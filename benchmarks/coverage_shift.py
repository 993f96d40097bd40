"""How often the intervals of a gap's terms hold the truth: `python -m benchmarks.coverage_shift [repetitions]`.

Prints the tables of docs/methods.md, a row a process. With 200 repetitions it takes half an hour of two cores.
"""

import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import product
from multiprocessing import get_context

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.coverage import Tally
from benchmarks.shift_scenes import SCENES, DrawnFinding, FindingScene, Scene, external, finding, internal
from cxr_core.metrics import influence, ranking, variance
from cxr_core.shift import thresholds, verdict
from cxr_core.shift.answers import Bools, Values
from cxr_core.shift.waterfall import Scale, Waterfall, waterfall
from cxr_core.statistics import intervals, score
from cxr_core.statistics.intervals import Interval
from cxr_core.statistics.resampling import resample, totals_of_many

REPETITIONS = 200
REPLICATES = 300
TERMS = ("gap", "class mix", "view", "thresholds", "what remains")
CELLS = (
    *(("none", n) for n in (300, 600, 1500, 3000)),
    *((name, n) for name in ("mix, mild", "mix, strong", "thresholds", "ranking", "labels, 15 %") for n in (300, 600)),
    *(("thresholds", 3000), ("view, 80 % AP", 600), ("view, 80 % AP", 1500)),
    *(("mix, thresholds, ranking", 600), ("all of them", 1500), ("all of them", 3000)),
)
"""By the name of a scene, and images a site."""

NAMED_FROM = 0.02

OF_J = ("gap", "thresholds", "ranking")
DIFFERENCES = {"none": (0.92, 0.0), "threshold": (0.92, 1.2), "ranking": (0.84, 0.0), "both": (0.84, 1.2)}
SIZES = ((60, 600), (120, 600), (225, 1500), (300, 3000))

MANY = 100_000
"""Images a site, of which the truth is computed."""


@dataclass(kw_only=True)
class Found:
    """What was found of one term.

    Attributes:
        tally: How often its interval holds the truth.
        truths: One a repetition.
        values: One a repetition.
    """

    tally: Tally = field(default_factory=Tally)
    truths: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, values: Values, *, truth: float) -> None:
        """Counts one repetition: the value, then the replicates."""
        self.values.append(float(values[0]))
        self.truths.append(truth)
        self.tally.add(intervals.percentile(values[1:]), truth=truth)

    @property
    def truth(self) -> float:
        """The mean of the truths."""
        return float(np.mean(self.truths))

    @property
    def bias(self) -> float:
        """The mean of the values minus the truth."""
        return float(np.mean(self.values)) - self.truth


def simulate(
    scene: Scene, *, n: int, repetitions: int, scale: Scale = "accuracy", replicates: int = REPLICATES, seed: int = 0
) -> tuple[dict[str, Found], Counter[str]]:
    """Draws both sites again and again, and takes the gap apart.

    Args:
        scene: How the external site differs.
        n: Images a site.
        repetitions: How often.
        scale: What is compared.
        replicates: Of the bootstrap.
        seed: Of the first repetition; the next one has the next.

    Returns:
        Each term of `TERMS`; and how often each was the largest that an interval above 0 and two points or more name.
    """
    truth = truths(scene, scale=scale)
    found = {name: Found() for name in TERMS if name in truth}
    named: Counter[str] = Counter()
    for number in range(seed, seed + repetitions):
        terms = _terms(_taken_apart(scene, n, scale=scale, seed=number, replicates=replicates))
        for name, values in terms.items():
            if name in found:
                found[name].add(values, truth=truth[name])
        named[_largest(terms)] += 1
    return found, named


@cache
def truths(scene: Scene, *, scale: Scale) -> Mapping[str, float]:
    """The terms of 100,000 images a site."""
    return {name: float(values[0]) for name, values in _terms(_taken_apart(scene, MANY, scale=scale)).items()}


def _taken_apart(scene: Scene, n: int, *, scale: Scale, seed: int = 0, replicates: int = 0) -> Waterfall:
    rng = np.random.default_rng([seed, n])
    inside = internal(n, rng, replicates=replicates, seed=seed)
    outside = external(scene, n, rng, replicates=replicates, seed=seed)
    cause = outside.has_known_view if scene.ap else None
    found = waterfall(inside.answers, outside.answers, scale=scale, cause=cause, seed=seed)
    if found is None:
        raise ValueError(f"Expected classes in common among {n} images a site.")
    return found


def _terms(one: Waterfall) -> dict[str, Values]:
    """By the names of `TERMS`; the two parts of the view together, none where it is not identifiable."""
    parts = [one.terms[name] for name in ("cause_not_won_back", "cause_won_back")]
    known = {"gap": one.gap} | {
        name.replace("_", " "): values for name, values in one.terms.items() if values is not None
    }
    if all(part is not None for part in parts):
        known["view"] = np.sum([part for part in parts if part is not None], axis=0)
    elif one.reason != "not recorded":
        # What remains is another quantity then.
        del known["what remains"]
    return {name: known[name] for name in TERMS if name in known}


def _largest(terms: Mapping[str, Values]) -> str:
    named = [
        (float(values[0]), name)
        for name, values in terms.items()
        if name != "gap" and values[0] >= NAMED_FROM and intervals.percentile(values[1:]).low > 0
    ]
    return max(named)[1] if named else "nothing"


@dataclass(kw_only=True)
class Verdicts:
    """What was found of one finding.

    Attributes:
        terms: By the names of `OF_J`.
        counts: How often each pair of ranking and threshold was said.
    """

    terms: dict[str, Found]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def share(self, *, ranking_lost: bool | None = None, threshold_lost: bool | None = None) -> float:
        """How often ranking (slightly or not) or threshold was called lost (True) or kept (False), both if asked."""
        said = [
            count
            for (ranked, threshold), count in self.counts.items()
            if _agrees(ranked, is_lost=ranking_lost) and _agrees(threshold, is_lost=threshold_lost)
        ]
        return sum(said) / self.counts.total()


def _agrees(said: str, *, is_lost: bool | None) -> bool:
    return is_lost is None or said in (("lost", "slightly lost") if is_lost else ("kept",))


def judge(scene: FindingScene, *, repetitions: int, replicates: int = REPLICATES) -> Verdicts:
    """Draws one finding at both sites again and again, and judges it.

    Args:
        scene: How the external site differs.
        repetitions: How often.
        replicates: Of the bootstrap.
    """
    found = Verdicts(terms={name: Found() for name in OF_J})
    for number in range(repetitions):
        rng = np.random.default_rng([number, scene.images, scene.positives])
        inside, outside = (finding(scene, rng, is_external=each) for each in (False, True))
        chosen = thresholds.choose(inside.scores, inside.present, rule="youden")
        terms = verdict.youden_terms(
            internal=_youden(inside, _local(inside, seed=number), seed=number, replicates=replicates),
            carried=_youden(outside, outside.scores >= np.float32(chosen), seed=number, replicates=replicates),
            local=_youden(outside, _local(outside, seed=number), seed=number, replicates=replicates),
        )
        inner, carried, local = scene.youden(chosen, thresholds.choose(outside.scores, outside.present, rule="youden"))
        truths_of = (inner - carried, local - carried, inner - local)
        for name, values, truth in zip(OF_J, (terms.gap, terms.thresholds, terms.ranking), truths_of, strict=True):
            found.terms[name].add(values, truth=truth)
        interval = intervals.percentile(terms.thresholds[1:])
        said = verdict.ranking(_lost(inside, outside)), verdict.threshold(float(terms.thresholds[0]), interval)
        found.counts[said] += 1
    return found


def _local(one: DrawnFinding, *, seed: int) -> Bools:
    flags = thresholds.cross_fitted(
        one.scores, one.present.astype(np.float32), clusters=one.patients, rule="youden", seed=seed
    )
    return np.asarray(flags == 1, dtype=np.bool_)


def _youden(one: DrawnFinding, flagged: Bools, *, seed: int, replicates: int) -> Values:
    drawn = resample(one.patients, seed=seed, dataset="site", replicates=replicates)
    cells = 2 * one.present + flagged
    counts = totals_of_many(cells.astype(np.int64), drawn.clusters, n_groups=4, weights=drawn.weights)
    return np.asarray(counts[3] / (counts[2] + counts[3]) + counts[0] / (counts[0] + counts[1]) - 1)


def _lost(inside: DrawnFinding, outside: DrawnFinding) -> Interval:
    (first, own), (second, other) = (_auroc(each) for each in (inside, outside))
    return intervals.difference(first, own, second=second, second_interval=other)


def _auroc(one: DrawnFinding) -> tuple[float, Interval]:
    area, positives = ranking.auroc(one.present, one.scores), int(one.present.sum())
    return area, score.interval(
        area,
        influence=influence.auroc(one.present, one.scores),
        clusters=one.patients,
        kinds=(one.present, ~one.present),
        variance=variance.hanley_mcneil(positives=positives, negatives=one.present.size - positives),
    )


def main() -> None:
    """Prints both tables."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else REPETITIONS
    print(f"{repetitions} repetitions. Points: truth, bias, coverage of the 95 % interval.\n")
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=threadpool_limits, initargs=(1,)) as pool:
        print_terms(repetitions, pool)
        print_verdicts(repetitions, pool)


def print_terms(repetitions: int, pool: Executor) -> None:
    """Prints the table of six classes."""
    print(f"| external site | n a site | {' | '.join(TERMS)} | named first |\n|{' --- |' * (len(TERMS) + 3)}")
    for row in pool.map(partial(_row_of_terms, repetitions=repetitions), CELLS):
        print(row, flush=True)


def _row_of_terms(cell: tuple[str, int], *, repetitions: int) -> str:
    name, n = cell
    terms, named = simulate(SCENES[name], n=n, repetitions=repetitions)
    first = ", ".join(f"{cause} {count}" for cause, count in named.most_common())
    return f"| {name} | {n} | {' | '.join(_cell(terms.get(term)) for term in TERMS)} | {first} |"


def print_verdicts(repetitions: int, pool: Executor) -> None:
    """Prints the table of one finding."""
    print("\n| truth | positives of images | J gap | J thresholds | J ranking | right | any lost | wrong |")
    print(f"|{' --- |' * 8}")
    for row in pool.map(partial(_row_of_verdicts, repetitions=repetitions), product(DIFFERENCES, SIZES)):
        print(row, flush=True)


def _row_of_verdicts(cell: tuple[str, tuple[int, int]], *, repetitions: int) -> str:
    name, (positives, images) = cell
    auroc, shift = DIFFERENCES[name]
    scene = FindingScene(images=images, positives=positives, external_auroc=auroc, shift=shift)
    one = judge(scene, repetitions=repetitions)
    shares = [f"{share:.2f}" for share in errors(one, ranking_lost=auroc < 0.92, threshold_lost=shift > 0)]
    cells = [_cell(one.terms[term]) for term in OF_J]
    return f"| {name} | {positives} of {images} | {' | '.join((*cells, *shares))} |"


def errors(found: Verdicts, *, ranking_lost: bool, threshold_lost: bool) -> tuple[float, float, float]:
    """How often both verdicts are right, something is called lost, and one verdict is the opposite of the truth."""
    right = found.share(ranking_lost=ranking_lost, threshold_lost=threshold_lost)
    lost = (
        1
        - sum(count for said, count in found.counts.items() if not any(_agrees(each, is_lost=True) for each in said))
        / found.counts.total()
    )
    wrong_ranking, wrong_threshold = (
        found.share(ranking_lost=not ranking_lost),
        found.share(threshold_lost=not threshold_lost),
    )
    both = found.share(ranking_lost=not ranking_lost, threshold_lost=not threshold_lost)
    return right, lost, wrong_ranking + wrong_threshold - both


def _cell(found: Found | None) -> str:
    if found is None or not found.values:
        return "-"
    truth, bias = (round(100 * value, 1) + 0.0 for value in (found.truth, found.bias))  # no minus before a zero
    return f"{truth:.1f}, {bias:+.1f}, {found.tally.coverage:.2f}"


if __name__ == "__main__":
    main()
