"""The pairs of an internal and an external test of a model, as they travel: the files of what is compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from cxr_core import files
from cxr_core.evaluation.flags import STATED
from cxr_core.evaluation.inputs import Scored
from cxr_core.pipeline import operating_points
from cxr_core.pipeline.compared_tests import ComparedTest, ComparedTests
from cxr_core.pipeline.evaluation_tasks import EvaluationInputs, drawn_site, read
from cxr_core.pipeline.primary import Primary
from cxr_core.settings import PRESENT_FROM, Role


@dataclass(frozen=True, kw_only=True)
class TestFiles:
    """One test of a model, as it travels.

    Attributes:
        dataset: Which.
        site: Its file.
        scored: The file of what the model made of it.
        role: As in `ComparedTest`.
        policy: As in `ComparedTest`.
        stated: As in `ComparedTest`.
    """

    dataset: str
    site: Path
    scored: Path
    role: Role
    policy: str
    stated: tuple[float, ...]

    def read(self, *, seed: int, replicates: int) -> ComparedTest:
        """The test with its arrays.

        Args:
            seed: The run's.
            replicates: Of the bootstrap.
        """
        site, resamples = drawn_site(self.site, seed=seed, replicates=replicates)
        return ComparedTest(
            site=site,
            one=read(self.scored),
            role=self.role,
            policy=self.policy,
            resamples=resamples,
            stated=np.array(self.stated),
        )


@dataclass(frozen=True, kw_only=True)
class PairFiles:
    """An internal and an external test of one model, as they travel.

    Attributes:
        model_id: Whose.
        internal: As in `ComparedTests`.
        external: As in `ComparedTests`.
        known: As in `ComparedTests`.
        youden: The model's threshold of each finding that has one, by Youden's rule.
    """

    model_id: str
    internal: TestFiles
    external: TestFiles
    known: TestFiles
    youden: Mapping[str, float]

    def read(self, *, seed: int, replicates: int) -> ComparedTests:
        """The pair with its arrays.

        Args:
            seed: The run's.
            replicates: Of the bootstrap.
        """
        internal, external, known = (
            each.read(seed=seed, replicates=replicates) for each in (self.internal, self.external, self.known)
        )
        return ComparedTests(
            model_id=self.model_id, internal=internal, external=external, known=known, place=self.place
        )

    @property
    def datasets(self) -> tuple[str, str]:
        """The internal and the external dataset."""
        return self.internal.dataset, self.external.dataset

    @property
    def place(self) -> dict[str, object]:
        """The columns by which its rows are found."""
        return {
            "model_id": self.model_id,
            "internal_dataset": self.internal.dataset,
            "internal_policy": self.internal.policy,
            "external_dataset": self.external.dataset,
            "external_policy": self.external.policy,
        }

    def fingerprint(self) -> str:
        """A hash of all that its rows depend on; where files lie is no part of it."""
        sides = [
            (each.site.name, each.scored.name, each.role, each.policy, each.stated)
            for each in (self.internal, self.external, self.known)
        ]
        return files.fingerprint((self.place, sides, sorted(self.youden.items())))


def pairs(
    connection: duckdb.DuckDBPyConnection, inputs: EvaluationInputs, *, primary: Primary, classes: Sequence[str]
) -> Iterator[PairFiles]:
    """The pairs of tests whose gap is taken apart.

    Args:
        connection: The new results file, with the thresholds.
        inputs: The datasets, and what each model made of each.
        primary: The pairs of datasets, and the policies.
        classes: What the run's classes are called.
    """
    named = {(one.model_id, one.dataset): one for one in inputs.scored}
    for model_id in operating_points.judged(inputs.scored):
        stated = thresholds_of(connection, model_id, operating_point=STATED)

        def side(model_id: str, dataset: str, role: Role, stated: Mapping[str, float] = stated) -> TestFiles:
            return TestFiles(
                dataset=dataset,
                site=inputs.site_files[dataset],
                scored=inputs.scored_files[model_id, dataset],
                role=role,
                policy=primary.policies[dataset],
                stated=tuple(stated.get(name, PRESENT_FROM) for name in classes),
            )

        validation = [one for one in inputs.scored if one.model_id == model_id and (one.role == "validation").any()]
        for internal, external in primary.pairs:
            if _has(named, (model_id, internal), "internal_test") and _has(
                named, (model_id, external), "external_test"
            ):
                inner = side(model_id, internal, "internal_test")
                yield PairFiles(
                    model_id=model_id,
                    internal=inner,
                    external=side(model_id, external, "external_test"),
                    known=side(model_id, validation[0].dataset, "validation") if validation else inner,
                    youden=thresholds_of(connection, model_id, operating_point="youden"),
                )


def _has(named: Mapping[tuple[str, str], Scored], key: tuple[str, str], role: Role) -> bool:
    return key in named and bool((named[key].role == role).any())


def thresholds_of(connection: duckdb.DuckDBPyConnection, model_id: str, *, operating_point: str) -> dict[str, float]:
    """A model's threshold of each finding that has one.

    Args:
        connection: The new results file.
        model_id: Whose.
        operating_point: Which.
    """
    sql = "SELECT finding, value FROM threshold WHERE model_id = ? AND operating_point = ?"
    return dict(connection.execute(sql, [model_id, operating_point]).fetchall())
