"""The pairs of an internal and an external test of a model, with the answers that are compared."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.flags import STATED
from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.experiment import Experiment
from cxr_core.manifest import Reference
from cxr_core.pipeline import operating_points
from cxr_core.pipeline.primary import Primary
from cxr_core.settings import PRESENT_FROM, Role
from cxr_core.shift import answers
from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import Resamples, resample


@dataclass(frozen=True, kw_only=True)
class ComparedTest:
    """One test of a model: a site's images in a role, under the primary policy.

    Attributes:
        site: The dataset.
        one: What the model made of it.
        role: Which of its images.
        policy: Their label policy.
        draw: Gives the site's replicates, drawn once for all of its tests.
        stated: The stated threshold of each finding, shape ``(k,)``.
    """

    site: Site
    one: Scored
    role: Role
    policy: str
    draw: Callable[[], Resamples]
    stated: npt.NDArray[np.float64]

    @property
    def reference(self) -> Reference:
        """The reference standard of the site's images."""
        return self.site.references[self.policy]

    @property
    def resamples(self) -> Resamples:
        """The replicates."""
        return self.draw()

    def of_classes(self) -> tuple[SiteAnswers, npt.NDArray[np.bool_]]:
        """The images with a single class, and which they are."""
        kept = np.asarray((self.one.role == self.role) & (self.reference.classes >= 0), dtype=np.bool_)
        found = answers.of_classes(
            self.one.scores[kept],
            classes=self.reference.classes[kept],
            clusters=self.resamples.clusters[kept],
            weights=self.resamples.weights,
        )
        return found, kept

    def of_finding(self, index: int) -> tuple[SiteAnswers, npt.NDArray[np.bool_]]:
        """The images where presence of a finding is known, and which they are.

        Args:
            index: Of the finding.
        """
        present, score = self.reference.present[:, index], self.one.scores[:, index]
        kept = np.asarray((self.one.role == self.role) & np.isfinite(present) & np.isfinite(score), dtype=np.bool_)
        found = answers.of_finding(
            score[kept],
            present=present[kept] == 1,
            threshold=float(self.stated[index]),
            clusters=self.resamples.clusters[kept],
            weights=self.resamples.weights,
        )
        return found, kept


@dataclass(frozen=True, kw_only=True)
class ComparedTests:
    """An internal and an external test of one model.

    Attributes:
        model_id: Whose.
        internal: The internal test.
        external: The external test.
        known: The images of known classes that calibrate it: the validation part, or else the internal test.
    """

    model_id: str
    internal: ComparedTest
    external: ComparedTest
    known: ComparedTest

    @property
    def place(self) -> dict[str, object]:
        """The columns by which its rows are found."""
        return {
            "model_id": self.model_id,
            "internal_dataset": self.internal.site.dataset,
            "internal_policy": self.internal.policy,
            "external_dataset": self.external.site.dataset,
            "external_policy": self.external.policy,
        }


def compared_tests(
    connection: duckdb.DuckDBPyConnection,
    sites: Sequence[Site],
    scored: Sequence[Scored],
    *,
    primary: Primary,
    classes: Sequence[str],
    experiment: Experiment,
) -> Iterator[ComparedTests]:
    """The pairs of tests whose gap is taken apart.

    Args:
        connection: The new results file, with the thresholds.
        sites: The datasets.
        scored: What each model made of each.
        primary: The pairs of datasets, and the policies.
        classes: What the run's classes are called.
        experiment: The run's settings.
    """
    by_name = {site.dataset: site for site in sites}
    named = {(one.model_id, one.dataset): one for one in scored}

    @functools.cache  # Of a large site a gigabyte: drawn where it is needed, and once.
    def drawn(dataset: str) -> Resamples:
        patients = by_name[dataset].patients
        return resample(patients, seed=experiment.seed, dataset=dataset, replicates=experiment.replicates)

    def side(model_id: str, dataset: str, role: Role) -> ComparedTest:
        stated = thresholds_of(connection, model_id, operating_point=STATED)
        return ComparedTest(
            site=by_name[dataset],
            one=named[model_id, dataset],
            role=role,
            policy=primary.policies[dataset],
            draw=functools.partial(drawn, dataset),
            stated=np.array([stated.get(name, PRESENT_FROM) for name in classes]),
        )

    for model_id in operating_points.judged(scored):
        validation = [one for one in scored if one.model_id == model_id and (one.role == "validation").any()]
        for internal, external in primary.pairs:
            if not all((model_id, dataset) in named for dataset in (internal, external)):
                continue
            inner, outer = side(model_id, internal, "internal_test"), side(model_id, external, "external_test")
            if (inner.one.role == inner.role).any() and (outer.one.role == outer.role).any():
                known = side(model_id, validation[0].dataset, "validation") if validation else inner
                yield ComparedTests(model_id=model_id, internal=inner, external=outer, known=known)


def thresholds_of(connection: duckdb.DuckDBPyConnection, model_id: str, *, operating_point: str) -> dict[str, float]:
    """A model's threshold of each finding that has one.

    Args:
        connection: The new results file.
        model_id: Whose.
        operating_point: Which.
    """
    sql = "SELECT finding, value FROM threshold WHERE model_id = ? AND operating_point = ?"
    return dict(connection.execute(sql, [model_id, operating_point]).fetchall())
