"""Results files with hand-made numbers, for the tests of the dashboard: the real schema, a run that nobody ran."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from cxr_core.findings import FINDINGS
from cxr_core.store.schema import SCHEMA_VERSION, schema_sql

ACCURACY = {
    ("split", "internal_test"): 0.6334,
    ("split", "external_test"): 0.2530,
    ("split", "train"): 0.9712,
    ("full", "internal_test"): 0.6421,
    ("full", "external_test"): 0.2658,
    ("full", "train"): 0.9504,
}
"""Of the ensembles under the first policy; each further policy lies one point lower."""

HALF_WIDTH = {"internal_test": 0.037, "external_test": 0.0049, "train": 0.006}
MEMBER_STEP = (-0.03, -0.02, -0.01)
RECALL = {
    "internal_test": (0.86, 0.81, 0.42, 0.43, 0.56, 0.29),
    "external_test": (0.91, 0.48, 0.01, 0.03, 0.10, 0.00),
}
POSITIVES = {"internal_test": (161, 161, 98, 104, 108, 9), "external_test": (5222, 3581, 1492, 9550, 7908, 2089)}
BEST_CONSTANT = {"internal_test": 0.2512, "external_test": 0.3200, "train": 0.2512}
LINES = {"uniform": 1 / 6, "test_mix": 0.231, "train_mix": 0.168, "train_majority": 0.175}

Row = Sequence[object]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A dataset of a made-up run."""

    dataset: str
    reader: str
    site: str
    policies: tuple[str, ...]
    training_policy: str | None = None
    patients: int | None = None


HOME = Site(
    dataset="vinbigdata",
    reader="vinbigdata",
    site="source",
    policies=("dominant", "any_reader", "majority"),
    training_policy="dominant",
)
OFFICIAL = Site(dataset="vinbigdata_test", reader="vinbigdata", site="source", policies=("consensus",))
ABROAD = Site(
    dataset="chexpert_train",
    reader="chexpert",
    site="external",
    policies=("u_ignore", "u_ones", "u_zeros"),
    patients=14921,
)
TABLE = Site(dataset="st_elsewhere", reader="table", site="external", policies=("u_ignore",), patients=120)


@dataclass(frozen=True, kw_only=True)
class MadeRun:
    """What is in a made-up run; `write` makes its folder."""

    name: str = "paper-0001"
    preset: str = "paper"
    created_at: datetime = datetime(2026, 11, 24, 9, 30)
    regimes: tuple[str, ...] = ("split", "full")
    members: int = 3
    sites: tuple[Site, ...] = (HOME, ABROAD)
    images: dict[str, int] = field(default_factory=lambda: {"internal_test": 641, "external_test": 29852, "train": 2563})
    not_estimable: bool = False
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION
    extra_sql: str = ""

    def write(self, results: Path) -> Path:
        """Writes the run below a results folder and gives its results file."""
        path = results / self.name / "results.duckdb"
        path.parent.mkdir(parents=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(schema_sql())
            self._write_run(connection)
            for site in self.sites:
                self._write_site(connection, site)
            for regime in self.regimes:
                self._write_models(connection, regime)
                for site in self.sites:
                    self._write_metrics(connection, regime, site)
                self._write_gaps(connection, regime)
            connection.execute(self.extra_sql or "SELECT 1")
        stamp = self.created_at.timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def role(self, regime: str, site: Site) -> str:
        """The role of a site's images in the metrics that pages compare."""
        if site.site == "external":
            return "external_test"
        return "train" if regime == "full" and site.training_policy else "internal_test"

    def value(self, regime: str, role: str, policy_index: int) -> float:
        """Accuracy of an ensemble."""
        return ACCURACY[regime, role] - 0.01 * policy_index

    def _write_run(self, connection: duckdb.DuckDBPyConnection) -> None:
        row = (
            self.name, self.created_at, self.preset, None, json.dumps({}), json.dumps({}), None, "cpu", 3600.0,
            self.schema_version, list(self.notes),
        )
        _insert(connection, "run", [row])

    def _write_site(self, connection: duckdb.DuckDBPyConnection, site: Site) -> None:
        n = self.images["external_test" if site.site == "external" else "internal_test"]
        _insert(
            connection, "dataset",
            [(site.dataset, site.site, site.reader, site.training_policy, "m", "p", n, site.patients, 0, 0)],
        )
        policies = [
            (site.dataset, policy, index == 0, f"The rule {policy}.") for index, policy in enumerate(site.policies)
        ]
        _insert(connection, "policy", policies)
        patient = "NULL" if site.patients is None else f"'p' || (i % {site.patients})"
        connection.execute(
            f"INSERT INTO image SELECT '{site.dataset}', 'i' || i, {patient}, 'f' || i, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
            f"FROM range({n}) AS t(i)"
        )
        for policy in site.policies:
            connection.execute(
                f"INSERT INTO reference SELECT '{site.dataset}', '{policy}', 'i' || i, i % 6, NULL, [1, 0, 0, 0, 0, 0] "
                f"FROM range({n}) AS t(i)"
            )

    def _write_models(self, connection: duckdb.DuckDBPyConnection, regime: str) -> None:
        rows: list[Row] = [(regime, regime, None, None, 0, "resnet18", None, 11_000_000)]
        rows += [
            (f"{regime}-{member}", regime, None, member, member, "resnet18", "m", 11_000_000)
            for member in range(self.members)
        ]
        _insert(connection, "model", rows)

    def _write_metrics(self, connection: duckdb.DuckDBPyConnection, regime: str, site: Site) -> None:
        role = self.role(regime, site)
        n = self.images[role]
        connection.execute(
            f"INSERT INTO prediction SELECT '{regime}', dataset, image_id, '{role}', 0, [1, 0, 0, 0, 0, 0] "
            f"FROM image WHERE dataset = '{site.dataset}'"
        )
        rows: list[Row] = []
        for index, policy in enumerate(site.policies):
            roles = [role, "train"] if role == "internal_test" and site.training_policy else [role]
            for each in roles:
                key = (site.dataset, each, policy, "six_way", "all", None)
                value = self.value(regime, each, index)
                half = HALF_WIDTH[each]
                flag = self.not_estimable and each != "train"
                rows.append((regime, *key, "accuracy", value, value - half, value + half, n, None, flag))
                rows += [
                    (f"{regime}-{member}", *key, "accuracy", value + MEMBER_STEP[member], None, None, n, None, flag)
                    for member in range(self.members)
                ]
                lines = {**LINES, "best_constant": BEST_CONSTANT[each]}
                rows += [
                    (regime, *key, f"no_skill_{line}", level, None, None, n, None, False) for line, level in lines.items()
                ]
            rows += self._recalls(regime, site, role, policy)
        _insert(connection, "metric", rows)

    def _recalls(self, regime: str, site: Site, role: str, policy: str) -> list[Row]:
        if role == "train":
            return []
        return [
            (
                regime, site.dataset, role, policy, "six_way", "all", finding, "recall", RECALL[role][k],
                RECALL[role][k] - 0.02, RECALL[role][k] + 0.02, POSITIVES[role][k], POSITIVES[role][k],
                self.not_estimable or POSITIVES[role][k] < 30,
            )
            for k, finding in enumerate(FINDINGS)
        ]

    def _write_gaps(self, connection: duckdb.DuckDBPyConnection, regime: str) -> None:
        homes = [site for site in self.sites if self.role(regime, site) == "internal_test"]
        abroad = [site for site in self.sites if site.site == "external"]
        rows: list[Row] = []
        for home in homes:
            for away in abroad:
                for i, at_home in enumerate(home.policies):
                    for j, at_away in enumerate(away.policies):
                        key = (regime, home.dataset, at_home, away.dataset, at_away, "six_way", "all")
                        ours = self.value(regime, "internal_test", i)
                        theirs = self.value(regime, "external_test", j)
                        lost = ours - theirs
                        rows.append((*key, None, "accuracy", ours, theirs, lost, lost - 0.038, lost + 0.038, self.not_estimable, []))
                        rows += [self._recall_gap(key, k) for k in range(len(FINDINGS))]
        if rows:
            _insert(connection, "gap", rows)

    def _recall_gap(self, key: tuple[str, ...], k: int) -> Row:
        ours, theirs = RECALL["internal_test"][k], RECALL["external_test"][k]
        few = min(POSITIVES["internal_test"][k], POSITIVES["external_test"][k]) < 30
        return (*key, FINDINGS[k], "recall", ours, theirs, ours - theirs, ours - theirs - 0.05, ours - theirs + 0.05, self.not_estimable or few, [])


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    marks = ", ".join("?" for _ in rows[0])
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", [list(row) for row in rows])
