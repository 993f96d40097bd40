"""Whether a known cause is named: `python -m benchmarks.diagnosis [SEED ...]`, ten seeds unless named, over an hour.

A seed draws a source, on which two small networks are trained, and sites without a cause and with one, of the same
patients. Each is scored as `train.py evaluate` scores it; a second site without a cause serves as internal test.
A cause's difference is what its terms cost beyond what they cost without it, so that who was drawn takes no part: where
terms rest on the images of a view in common, the same images are taken of the site without a cause.
Two causes need no drawing: the site without a cause is resampled to another class mix, or its answers get biases.
"""

import contextlib
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cxr_core.evaluation.inputs import Site
from cxr_core.experiment import DEMO, Experiment
from cxr_core.findings import FINDINGS
from cxr_core.manifest import Manifest
from cxr_core.phantom.writing import write_sites
from cxr_core.pipeline import sites
from cxr_core.pipeline.causes import causes as attribute_causes
from cxr_core.pipeline.inherited_models import inherited_models
from cxr_core.pipeline.run import carry_out
from cxr_core.pipeline.stored_answers import read
from cxr_core.pipeline.trained_models import trained_models
from cxr_core.pipeline.workspace import RunFolder, Workspace
from cxr_core.shift.answers import Bools, SiteAnswers, Values, of_classes
from cxr_core.shift.naming import named
from cxr_core.shift.waterfall import Scale, waterfall
from cxr_core.statistics import intervals
from cxr_core.statistics.resampling import resample
from cxr_core.store.open import open_run

SEEDS = range(10)
IMAGES = 1550
"""Of a site; a tenth of them has no single class."""

IMAGES_SOURCE = 1500
REPLICATES = 2000

EXPERIMENT = replace(DEMO, regimes=("split",), members=2, replicates=100)
"""The demo's network, two of them, which two cores train in the time of one."""

SCALES: tuple[Scale, ...] = ("balanced_accuracy", "accuracy")
TERMS = ("class mix", "view", "thresholds", "what remains")
POINTS_ELSEWHERE = 1.5
"""What the mean of a term that the cause does not belong to may be, in points."""

QUIET_SHARE = 0.9
"""Share of the seeds without a cause in which nothing may be named."""

MIX = (0.40, 0.05, 0.35, 0.10, 0.05, 0.05)
BIASES = (-3.0, 0.6, -1.6, 2.4, 0.8, 0.8)

_MODEL, _ROLE, _POLICY = "split", "external_test", "u_ignore"
_SECOND_SITE = 1000
"""Added to the seed of the phantom: other patients."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A cause that is known because we put it there.

    Attributes:
        name: In words.
        terms: The bars that it may show in, out of `TERMS`.
        drawn: The causes of the phantom; none: the answers without a cause are altered.
        points: What its terms must cost together beyond what they cost without it.
    """

    name: str
    terms: tuple[str, ...]
    drawn: tuple[str, ...] = ()
    points: float = 3.0


RESAMPLED = Cause(name="class mix", terms=("class mix",))
BIASED = Cause(name="thresholds", terms=("thresholds",))
CAUSES = (
    Cause(name="view", terms=("view",), drawn=("view",)),
    Cause(name="labels", terms=("what remains",), drawn=("labels",)),
    Cause(name="patients and devices", terms=("what remains",), drawn=("patients", "devices"), points=1.0),
    Cause(
        name="appearance",
        terms=("thresholds", "what remains"),
        drawn=("exposure", "scatter", "sharpness", "compression"),
    ),
    RESAMPLED,
    BIASED,
)


@dataclass(frozen=True, kw_only=True)
class ExternalAnswers:
    """What a network says of one site.

    Attributes:
        answers: Of its images with a single class.
        in_common: Which of them have a projection that the internal site has; None: not recorded.
    """

    answers: SiteAnswers
    in_common: Bools | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """A cause in every seed.

    Attributes:
        cause: Which.
        differences: What each term costs beyond what it costs without the cause, in points, shape
            ``(seeds, len(TERMS))``; NaN where a term is not identifiable.
    """

    cause: Cause
    differences: Values

    @property
    def right(self) -> Values:
        """The terms that the cause belongs to, together, shape ``(seeds,)``."""
        return np.asarray(self.differences[:, self._is_right].sum(axis=1))

    @property
    def named(self) -> int:
        """In how many seeds the largest difference is a term that the cause belongs to."""
        largest = np.where(np.isnan(self.differences), -np.inf, self.differences).argmax(axis=1)
        return int(self._is_right[largest].sum())

    def shortfalls(self) -> list[str]:
        """What falls short of the goal; empty if nothing does."""
        short = []
        if not self.right.mean() > self.cause.points:
            short.append(f"{' and '.join(self.cause.terms)} {self.right.mean():.1f}, not above {self.cause.points:g}")
        means = self.differences.mean(axis=0)
        for term, mean, is_right in zip(TERMS, means, self._is_right, strict=True):
            if not is_right and not abs(mean) <= POINTS_ELSEWHERE:
                short.append(f"{term} {mean:.1f}, not within {POINTS_ELSEWHERE}")
        return short

    @property
    def _is_right(self) -> Bools:
        return np.array([term in self.cause.terms for term in TERMS])


@dataclass(frozen=True, kw_only=True)
class Seed:
    """What one seed gave.

    Attributes:
        without: The terms without a cause, in points, shape ``(len(TERMS),)``.
        named: The terms that are named without a cause, by scale.
        differences: By name of the cause: each term beyond `without`.
        seconds: How long it took.
    """

    without: Values
    named: Mapping[Scale, tuple[str, ...]]
    differences: Mapping[str, Values]
    seconds: float = math.nan


def diagnosed(
    internal: SiteAnswers, without: ExternalAnswers, caused: Mapping[str, ExternalAnswers], *, seed: int
) -> Seed:
    """Takes the gaps to all sites apart, in accuracy at the external class mix: equal classes know no mix.

    Args:
        internal: The internal test.
        without: The site without a cause, its patients' weights with replicates.
        caused: By name of the cause the site with it: where its views are not all in common, the same images.
        seed: Of the folds.

    Raises:
        ValueError: If they are not.
    """
    apart = {scale: terms(internal, without, scale=scale, seed=seed) for scale in SCALES}
    none = np.array([100 * value[0] for value in apart["accuracy"].values()])
    plain = _without_replicates(internal)

    def points(site: ExternalAnswers) -> Values:
        alone = replace(site, answers=_without_replicates(site.answers))
        return np.array([100 * value[0] for value in terms(plain, alone, scale="accuracy", seed=seed).values()])

    def beyond(site: ExternalAnswers) -> Values:
        if site.in_common is None or site.in_common.all():
            return points(site) - none
        if not np.array_equal(site.answers.classes, without.answers.classes):
            raise ValueError("Expected the same images with the cause as without it, found others.")
        return points(site) - points(replace(without, in_common=site.in_common))

    return Seed(
        without=none,
        named={scale: _named(apart[scale]) for scale in SCALES},
        differences={name: beyond(site) for name, site in caused.items()},
    )


def terms(internal: SiteAnswers, external: ExternalAnswers, *, scale: Scale, seed: int) -> dict[str, Values]:
    """The terms by the names of `TERMS`, each of shape ``(1 + r,)``; NaN where not identifiable.

    Raises:
        ValueError: If the sites have no two classes in common.
    """
    one = waterfall(internal, external.answers, scale=scale, cause=external.in_common, seed=seed)
    if one is None:
        raise ValueError("Expected two classes that both sites have enough images of.")
    lost = {name: np.full_like(one.gap, np.nan) if term is None else term for name, term in one.terms.items()}
    view = lost["cause_not_won_back"] + lost["cause_won_back"]
    return dict(zip(TERMS, (lost["class_mix"], view, lost["thresholds"], lost["what_remains"]), strict=True))


def _named(found: Mapping[str, Values]) -> tuple[str, ...]:
    return named({name: (float(values[0]), intervals.percentile(values[1:])) for name, values in found.items()})


def resampled(site: ExternalAnswers, *, mix: Sequence[float] = MIX, seed: int) -> ExternalAnswers:
    """As many images of the same site in another class mix, each as often as any other of its class, but for one."""
    rng, classes = np.random.default_rng(seed), site.answers.classes
    sizes = [round(share * classes.size) for share in mix]
    drawn = [np.resize(rng.permutation(np.flatnonzero(classes == index)), size) for index, size in enumerate(sizes)]
    rows = np.concatenate(drawn)
    answers = replace(
        site.answers, scores=site.answers.scores[rows], classes=classes[rows], clusters=site.answers.clusters[rows]
    )
    return ExternalAnswers(answers=answers, in_common=None if site.in_common is None else site.in_common[rows])


def biased(site: ExternalAnswers, *, biases: Sequence[float] = BIASES) -> ExternalAnswers:
    """The same site with something added to each class's log-probability."""
    return replace(site, answers=replace(site.answers, scores=site.answers.scores + np.array(biases)))


def rows_of(seeds: Sequence[Seed], causes: Sequence[Cause] = CAUSES) -> list[Row]:
    """A row for each cause."""
    return [Row(cause=cause, differences=np.array([one.differences[cause.name] for one in seeds])) for cause in causes]


def measure(
    seed: int,
    folder: Path,
    *,
    causes: Sequence[Cause] = CAUSES,
    images: int = IMAGES,
    images_source: int = IMAGES_SOURCE,
    experiment: Experiment = EXPERIMENT,
    workers: int = 2,
) -> Seed:
    """Draws, trains and scores one seed.

    Args:
        seed: Of everything.
        folder: An empty one, for images, cache and runs.
        causes: Which.
        images: Of each tested site.
        images_source: Of the source.
        experiment: What is trained.
        workers: Processes.
    """
    started = time.time()
    place = _Place(folder=folder, seed=seed, images=images, workers=workers)
    source, home = place.drawn("internal", (), seed=seed + _SECOND_SITE, images_source=images_source)
    models = trained_models(
        replace(experiment, seed=seed), source=place.read("vinbigdata", source), external=place.read("chexpert", home)
    )
    first = carry_out(models, workspace=place.workspace("internal"))
    internal = _answered(first, name="internal", seed=seed, replicates=REPLICATES)
    without = place.scored((), first=first, internal=internal, replicates=REPLICATES)
    caused = {
        cause.name: place.scored(cause.drawn, first=first, internal=internal, replicates=0)
        for cause in causes
        if cause.drawn
    }
    if RESAMPLED in causes:
        caused[RESAMPLED.name] = resampled(without, seed=seed)
    if BIASED in causes:
        caused[BIASED.name] = biased(without)
    return replace(diagnosed(internal.answers, without, caused, seed=seed), seconds=time.time() - started)


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """A site that a run has scored, and what its ensemble says of the images with a single class."""

    site: Site
    kept: Bools
    answers: SiteAnswers


def _answered(run: RunFolder, *, name: str, seed: int, replicates: int) -> _Answered:
    """The external test of a run. Every site has the same name in its run; by its own its patients are resampled."""
    with open_run(run.results) as connection:
        found, scored = read(connection)
    one = next(each for each in scored if each.model_id == _MODEL and (each.role == _ROLE).any())
    site = next(each for each in found if each.dataset == one.dataset)
    classes = site.references[_POLICY].classes
    kept = np.asarray((one.role == _ROLE) & (classes >= 0), dtype=np.bool_)
    if one.probability is None:
        raise ValueError(f"{_MODEL}: expected scores, found flags alone.")
    drawn = resample(site.patients, seed=seed, dataset=name, replicates=replicates)
    answers = of_classes(
        one.probability[kept], classes=classes[kept], clusters=drawn.clusters[kept], weights=drawn.weights
    )
    return _Answered(site=site, kept=kept, answers=answers)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a seed's images and runs lie."""

    folder: Path
    seed: int
    images: int
    workers: int

    def workspace(self, name: str) -> Workspace:
        results, cache = self.folder / "results", self.folder / "cache"
        return Workspace(results=results, cache=cache, name=name, device="cpu", workers=self.workers)

    def drawn(self, name: str, causes: tuple[str, ...], *, seed: int, images_source: int = 1) -> tuple[Path, Path]:
        return write_sites(
            self.folder / "phantom" / name,
            images_source=images_source,
            images_external=self.images,
            causes=causes,
            seed=seed,
            workers=self.workers if self.workers > 1 else 0,
            show_progress=False,
        )

    def read(self, reader: str, site: Path) -> Sequence[Manifest]:
        return sites.read(f"{reader}:{site}", classes=FINDINGS, default=None, workspace=self.workspace("read"))

    def scored(
        self, causes: tuple[str, ...], *, first: RunFolder, internal: _Answered, replicates: int
    ) -> ExternalAnswers:
        name = "-".join(causes) or "none"
        _, folder = self.drawn(name, causes, seed=self.seed)
        models = inherited_models(first, external=self.read("chexpert", folder), external_images="all")
        run = carry_out(models, workspace=self.workspace(name))
        external = _answered(run, name=name, seed=self.seed, replicates=replicates)
        view = attribute_causes(internal.site, external.site)["view"]
        in_common = view.shared(inside=internal.kept, outside=external.kept)
        return ExternalAnswers(answers=external.answers, in_common=in_common)


def _without_replicates(answers: SiteAnswers) -> SiteAnswers:
    return replace(answers, weights=answers.weights[:, :1])


def table(seeds: Sequence[Seed]) -> str:
    """What all seeds gave, in Markdown: means over the seeds, and standard deviations between them."""
    without = np.array([one.without for one in seeds])
    terms_without = " | ".join(_spread(values) for values in without.T)
    lines = [
        f"| cause | {' | '.join(TERMS)} | right terms together | the largest is right | goal |",
        "| --- |" + " --- |" * (len(TERMS) + 3),
        f"| *none* (the terms themselves) | {terms_without} | | | {_quiet(seeds)} |",
    ]
    for row in rows_of(seeds):
        shown = [
            f"**{_spread(values)}**" if term in row.cause.terms else _spread(values)
            for term, values in zip(TERMS, row.differences.T, strict=True)
        ]
        goal = "; ".join(row.shortfalls()) or "met"
        named_right = f"{row.named} of {len(seeds)}"
        lines.append(f"| {row.cause.name} | {' | '.join(shown)} | {_spread(row.right)} | {named_right} | {goal} |")
    return "\n".join(lines)


def quiet(seeds: Sequence[Seed], *, scale: Scale) -> int:
    """In how many seeds nothing is named without a cause."""
    return sum(not one.named[scale] for one in seeds)


def is_met(seeds: Sequence[Seed]) -> bool:
    """Whether every goal is met; what a page says is drawn from balanced accuracy."""
    is_quiet = quiet(seeds, scale="balanced_accuracy") >= QUIET_SHARE * len(seeds)
    return is_quiet and not any(row.shortfalls() for row in rows_of(seeds))


def _quiet(seeds: Sequence[Seed]) -> str:
    counts = [quiet(seeds, scale=scale) for scale in SCALES]
    return f"nothing named in {counts[0]} of {len(seeds)} (in accuracy: {counts[1]})"


def _spread(values: Values) -> str:
    if np.isnan(values).any():
        return "not identifiable"
    spread = f" ± {values.std(ddof=1):.1f}" if values.size > 1 else ""
    return f"{values.mean():.1f}{spread}"


def main(numbers: Sequence[int]) -> int:
    """Diagnoses every seed, each from nothing, and prints what was found; 1 if a goal is missed."""
    started, done = time.time(), list[Seed]()
    print("seed  seconds  without a cause              " + "  ".join(cause.name for cause in CAUSES), flush=True)
    for seed in numbers:
        with tempfile.TemporaryDirectory() as folder, _silent():
            done.append(measure(seed, Path(folder)))
        print(_line(seed, done[-1]), flush=True)
    print(f"\n{table(done)}\n\n{len(done)} seeds in {(time.time() - started) / 60:.0f} minutes")
    return int(not is_met(done))


def _line(seed: int, one: Seed) -> str:
    differences = "  ".join(_points(one.differences[cause.name]) for cause in CAUSES)
    said = ", ".join(f"{scale}: {' and '.join(names)}" for scale, names in one.named.items() if names)
    return f"{seed:4}  {one.seconds:7.0f}  {_points(one.without)}  {differences}  {said or 'nothing named'}"


def _points(values: Values) -> str:
    return "(" + " ".join(f"{value:5.1f}" for value in values) + ")"


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """What a command prints is of no use ten times over."""
    with (
        Path(os.devnull).open("w") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
    ):
        yield


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(SEEDS)))
