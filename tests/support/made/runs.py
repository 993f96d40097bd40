"""Results files with hand-made numbers, for the tests of the dashboard: the real schema, a run that nobody ran."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

import duckdb

from cxr_core.findings import FINDINGS
from cxr_core.store import write
from cxr_core.store.schema import SCHEMA_VERSION
from dashboard.results.comparison import Comparison
from dashboard.results.database import RunKey
from tests.support.made.once import made_once
from tests.support.rows import Row, insert

Number = TypeVar("Number", int, float)

ACCURACY = {
    ("split", "internal_test"): 0.6334,
    ("split", "external_test"): 0.2530,
    ("split", "train"): 0.9712,
    ("full", "internal_test"): 0.6421,
    ("full", "external_test"): 0.2658,
    ("full", "train"): 0.9504,
}
"""Of the ensembles under the first policy of a dataset; each further policy lies one point lower."""

MEMBER_STEPS = (-0.05, -0.02, -0.01)
"""What each single member lies below the ensemble in the tests; on training images, twice that."""

HALF_WIDTH = {"internal_test": 0.037, "external_test": 0.0049, "train": 0.006}
GAP_HALF_WIDTH = 0.038
BEST_CONSTANT = {"internal_test": 0.2512, "external_test": 0.3200, "train": 0.2512}
OTHER_LINES = {"test_mix": 0.231, "train_mix": 0.168, "train_majority": 0.175}
RECALL = {
    "internal_test": (0.86, 0.81, 0.42, 0.43, 0.56, 0.29),
    "external_test": (0.91, 0.48, 0.01, 0.03, 0.10, 0.00),
}
POSITIVES = {"internal_test": (161, 161, 98, 104, 108, 9), "external_test": (5222, 3581, 1492, 9550, 7908, 2089)}
"""Of the six classes in their order; of more classes again from the first."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A dataset of a made-up run."""

    dataset: str
    reader: str
    site: str
    policies: tuple[str, ...]
    default: str
    training_policy: str | None = None
    patients: int | None = None


INTERNAL = Site(
    dataset="vinbigdata",
    reader="vinbigdata",
    site="source",
    policies=("dominant", "any_reader", "majority"),
    default="majority",
    training_policy="dominant",
)
OFFICIAL = Site(
    dataset="vinbigdata_test", reader="vinbigdata", site="source", policies=("consensus",), default="consensus"
)
EXTERNAL = Site(
    dataset="chexpert_train",
    reader="chexpert",
    site="external",
    policies=("u_ignore", "u_ones", "u_zeros"),
    default="u_ignore",
    patients=14921,
)
OWN = Site(
    dataset="st_elsewhere", reader="table", site="external", policies=("u_zeros",), default="u_zeros", patients=120
)


@dataclass(frozen=True, kw_only=True)
class MadeRun:
    """What is in a made-up run; `write` makes its folder."""

    name: str = "paper-0001"
    classes: tuple[str, ...] = FINDINGS
    preset: str = "paper"
    created_at: datetime = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    regimes: tuple[str, ...] = ("split", "full")
    members: int = 3
    sites: tuple[Site, ...] = (INTERNAL, EXTERNAL)
    images: Mapping[str, int] = field(
        default_factory=lambda: {"internal_test": 641, "external_test": 29852, "train": 2563}
    )
    not_estimable: bool = False
    accuracy: Mapping[tuple[str, str], float] = field(default_factory=lambda: ACCURACY)
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def write(self, results: Path) -> Path:
        """Writes the run below a results folder and gives its results file."""
        path = _written(results, self)
        os.utime(path, (self.created_at.timestamp(),) * 2)
        return path

    def __hash__(self) -> int:
        return hash(repr(self))

    def write_tables(self, path: Path) -> None:
        """Makes the results file."""
        with duckdb.connect(str(path)) as connection:
            connection.begin()
            write.begin(connection, classes=self.classes)
            self._write_run(connection)
            for site in self.sites:
                _write_site(connection, site, n=self.images[_test_of(site)], k=len(self.classes))
            for regime in self.regimes:
                insert(connection, "model", self._models(regime))
                insert(connection, "gap", list(self._gaps(regime)))
                for site in self.sites:
                    self._write_tests(connection, regime, site)
            connection.commit()

    def _write_run(self, connection: duckdb.DuckDBPyConnection) -> None:
        created_at = self.created_at.replace(tzinfo=None)
        row = (self.name, created_at, self.preset, None, json.dumps({}), json.dumps({}), None, "cpu", 3600.0)
        insert(connection, "run", [(*row, self.schema_version, list(self.notes))])

    def _models(self, regime: str) -> list[Row]:
        network = ("resnet18", None, 11_000_000)
        members = [(f"{regime}-{member}", regime, None, member, member, *network) for member in range(self.members)]
        return [(regime, regime, None, None, 0, *network), *members]

    def _write_tests(self, connection: duckdb.DuckDBPyConnection, regime: str, site: Site) -> None:
        role = self._role(regime, site)
        connection.execute(
            "INSERT INTO prediction BY NAME SELECT $model AS model_id, dataset, image_id, $role AS role, "
            "0 AS predicted, $first AS probability FROM image WHERE dataset = $dataset",
            {"model": regime, "role": role, "dataset": site.dataset, "first": first_of(len(self.classes))},
        )
        for drop, policy in enumerate(site.policies):
            roles = {role, "train"} if site.training_policy else {role}
            for each in sorted(roles):
                key = (site.dataset, each, policy, "single_class", "all")
                insert(connection, "metric", list(self._metrics(regime, key, role=each, drop=drop)))

    def _metrics(self, regime: str, key: tuple[str, ...], *, role: str, drop: int) -> Iterator[Row]:
        n, flag = self.images[role], self.not_estimable and role != "train"
        value = self.accuracy[regime, role] - 0.01 * drop
        half = HALF_WIDTH[role]
        yield (regime, *key, None, "accuracy", value, value - half, value + half, n, None, n, flag)
        for member in range(self.members):
            single = value + MEMBER_STEPS[member] * (2 if role == "train" else 1)
            yield (f"{regime}-{member}", *key, None, "accuracy", single, None, None, n, None, n, flag)
        lines = {"uniform": 1 / len(self.classes), **OTHER_LINES, "best_constant": BEST_CONSTANT[role]}
        for line, level in lines.items():
            yield (regime, *key, None, f"no_skill_{line}", level, None, None, n, None, n, flag)
        for finding, recall, positives in zip(
            self.classes, self._of(RECALL, role), self._of(POSITIVES, role), strict=False
        ):
            few = flag or positives < 30
            interval, of_class = (recall - 0.02, recall + 0.02), (positives, positives)
            yield (regime, *key, finding, "recall", recall, *interval, max(n, positives), *of_class, few)

    def _gaps(self, regime: str) -> Iterator[Row]:
        for internal in self.sites:
            for external in self.sites:
                if self._role(regime, internal) == "internal_test" and external.site == "external":
                    yield from self._gaps_between(regime, internal, external)

    def _gaps_between(self, regime: str, internal: Site, external: Site) -> Iterator[Row]:
        for i, ours in enumerate(internal.policies):
            for j, theirs in enumerate(external.policies):
                key = (regime, internal.dataset, ours, external.dataset, theirs, "single_class", "all")
                values = (
                    self.accuracy[regime, "internal_test"] - 0.01 * i,
                    self.accuracy[regime, "external_test"] - 0.01 * j,
                )
                yield (*key, None, "accuracy", *_difference(*values, half=GAP_HALF_WIDTH), self.not_estimable, [])
                sides = (self._of(RECALL, role) for role in ("internal_test", "external_test"))
                few_internal = [positives < 30 for positives in self._of(POSITIVES, "internal_test")]
                for finding, recall, other, is_few in zip(self.classes, *sides, few_internal, strict=True):
                    few = self.not_estimable or is_few
                    yield (*key, finding, "recall", *_difference(recall, other, half=0.05), few, [])

    def _of(self, numbers: Mapping[str, Sequence[Number]], role: str) -> tuple[Number, ...]:
        return tuple(islice(cycle(numbers.get(role, ())), len(self.classes)))

    @staticmethod
    def _role(regime: str, site: Site) -> str:
        return "train" if regime == "full" and site.training_policy else _test_of(site)


@made_once
def _written(results: Path, run: MadeRun) -> Path:
    path = results / run.name / "results.duckdb"
    path.parent.mkdir()
    run.write_tables(path)
    return path


def first_comparison(path: Path) -> Comparison:
    """What the pages show first of a made-up run."""
    return Comparison(
        run=RunKey(name=path.parent.name, path=str(path), changed_ns=1),
        model="split",
        internal_dataset="vinbigdata",
        internal_policy="dominant",
        external_dataset="chexpert_train",
        external_policy="u_ignore",
    )


def _test_of(site: Site) -> str:
    return "external_test" if site.site == "external" else "internal_test"


def _difference(ours: float, theirs: float, *, half: float) -> tuple[float, float, float, float, float]:
    return ours, theirs, ours - theirs, ours - theirs - half, ours - theirs + half


def first_of(k: int) -> list[int]:
    """All that there is on the first of k classes."""
    return [1, *[0] * (k - 1)]


def _write_site(connection: duckdb.DuckDBPyConnection, site: Site, *, n: int, k: int) -> None:
    counts = (n, site.patients, 0, 0)
    insert(connection, "dataset", [(site.dataset, site.site, site.reader, site.training_policy, "m", "p", *counts)])
    policies = [(site.dataset, policy, policy == site.default, f"The rule {policy}.") for policy in site.policies]
    insert(connection, "policy", policies)
    connection.execute(
        "INSERT INTO image BY NAME SELECT $dataset AS dataset, 'i' || i AS image_id, 'f' || i AS file, "
        "'p' || (i % $patients) AS patient_id FROM range($n) AS t(i)",
        {"dataset": site.dataset, "patients": site.patients, "n": n},
    )
    for policy in site.policies:
        connection.execute(
            "INSERT INTO reference SELECT $dataset, $policy, 'i' || i, i % $k, NULL, $first FROM range($n) AS t(i)",
            {"dataset": site.dataset, "policy": policy, "n": n, "k": k, "first": first_of(k)},
        )
