"""Whether the demo tells its story, seed by seed: `python -m benchmarks.demo [SEED ...]`, five seeds unless named."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxr_core import localization
from cxr_core.findings import FINDINGS
from cxr_core.store.open import open_run

SEEDS = range(5)
LONGEST_SECONDS = 360

# Cardiomegaly lies where the heart lies: pointing there takes no look at the image.
_POINTED_AT = ("Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")

_METRIC = """
    SELECT value FROM metric JOIN dataset USING (dataset)
    WHERE model_id = $model AND role = $role AND metric = $metric AND policy = $policy
      AND task = 'single_class' AND stratum = 'all' AND finding IS NULL AND operating_point IS NULL
"""
_HELD_OUT = """
    SELECT min(n_positive) FROM metric
    WHERE model_id = 'split' AND role = 'internal_test' AND policy = 'majority' AND task = 'single_class'
      AND stratum = 'all' AND metric = 'recall' AND operating_point IS NULL
"""
_GAP = """
    SELECT value, low FROM gap
    WHERE model_id = 'split' AND internal_policy = 'majority' AND external_policy = 'u_ignore' AND task = 'single_class'
      AND stratum = 'all' AND metric = 'accuracy' AND operating_point IS NULL
"""
_BOXES = """
    SELECT image_id, reader, x0, y0, x1, y1, maps, saliency.height, saliency.width
    FROM box
    JOIN name_match USING (dataset, finding)
    JOIN reference USING (dataset, image_id, class)
    JOIN prediction USING (dataset, image_id)
    JOIN saliency USING (model_id, dataset, image_id)
    WHERE model_id = 'split' AND policy = 'majority' AND method = 'cam' AND role = $role AND class = $class
"""


@dataclass(frozen=True, kw_only=True)
class Story:
    """What one run of the demo shows. Shares are in [0, 1].

    Attributes:
        training: Accuracy of `full` on its own training images.
        internal: Accuracy of `split` on the internal test.
        internal_constant: What always giving the majority's answer scores there.
        external: Accuracy of `split` on the external test.
        external_constant: What always giving the majority's answer scores there.
        lost: Internal minus external.
        lost_low: The lower end of its 95 % interval.
        held_out: Images of the rarest class in the internal test.
        pointing: Share of readers' boxes that hold the map's peak, the mean of four classes.
        usual_place: The same for always pointing at the place that most training boxes cover.
    """

    training: float
    internal: float
    internal_constant: float
    external: float
    external_constant: float
    lost: float
    lost_low: float
    held_out: int
    pointing: float
    usual_place: float

    def shortfalls(self) -> list[str]:
        """What falls short of what the demo promises; empty if nothing does."""
        promises = {
            "training accuracy of at least 0.90": self.training >= 0.90,
            "1.4 times the best internal constant": self.internal >= 1.4 * self.internal_constant,
            "an interval of the gap above zero": self.lost_low > 0,
            "thirty held out in each class": self.held_out >= 30,
            "pointing better than the usual place by a tenth": self.pointing >= self.usual_place + 0.1,
        }
        return [promise for promise, kept in promises.items() if not kept]


def told_by(results: Path) -> Story:
    """The story that a demo's results file tells."""
    with open_run(results) as connection:

        def metric(model: str, role: str, name: str, policy: str) -> float:
            given = {"model": model, "role": role, "metric": name, "policy": policy}
            return float(connection.execute(_METRIC, given).fetchall()[0][0])

        rates = [
            _hit_rates(
                connection.execute(_BOXES, {"role": "internal_test", "class": FINDINGS.index(finding)}).df(),
                training=connection.execute(_BOXES, {"role": "train", "class": FINDINGS.index(finding)}).df(),
                index=FINDINGS.index(finding),
            )
            for finding in _POINTED_AT
        ]
        pointing, usual = np.mean(rates, axis=0)
        lost, lost_low = connection.execute(_GAP).fetchall()[0]
        return Story(
            training=metric("full", "train", "accuracy", "majority"),
            internal=metric("split", "internal_test", "accuracy", "majority"),
            internal_constant=metric("split", "internal_test", "no_skill_best_constant", "majority"),
            external=metric("split", "external_test", "accuracy", "u_ignore"),
            external_constant=metric("split", "external_test", "no_skill_best_constant", "u_ignore"),
            lost=lost,
            lost_low=lost_low,
            held_out=connection.execute(_HELD_OUT).fetchall()[0][0],
            pointing=float(pointing),
            usual_place=float(usual),
        )


def _hit_rates(tested: pd.DataFrame, *, training: pd.DataFrame, index: int) -> tuple[float, float]:
    """How often a reader's boxes hold the map's peak, and how often the usual place of the training boxes."""
    corners = ["x0", "y0", "x1", "y1"]
    shape = (len(tested), len(FINDINGS), tested["height"].iloc[0], tested["width"].iloc[0])
    maps = np.frombuffer(b"".join(tested["maps"]), np.uint8).reshape(shape)[:, index]
    usual = np.tile(localization.usual_place(training[corners].to_numpy()), (len(tested), 1))
    found = tested[["image_id", "reader"]].assign(
        pointing=localization.hits(localization.peaks(maps), tested[corners].to_numpy()),
        usual=localization.hits(usual, tested[corners].to_numpy()),
    )
    by_reading = found.groupby(["image_id", "reader"]).any()  # of two nodules either one will do
    return float(by_reading["pointing"].mean()), float(by_reading["usual"].mean())


def _run(seed: int, folder: Path) -> tuple[Story, float]:
    started = time.time()
    place = ["--results", str(folder / "results"), "--cache", str(folder / "cache"), "--name", "demo"]
    command = [sys.executable, "train.py", "demo", "--seed", str(seed), *place]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return told_by(folder / "results" / "demo" / "results.duckdb"), time.time() - started


def main(seeds: list[int]) -> int:
    """Runs the demo once for each seed, from nothing; 1 if a promise is broken."""
    print(
        "seed  training  internal (constant)  external (constant)  lost [low]      held out  pointing (usual)  seconds"
    )
    broken = False
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            story, seconds = _run(seed, Path(folder))
        print(
            f"{seed:4}  {story.training:8.2f}  {story.internal:4.2f} ({story.internal_constant:.2f})"
            f"      {story.external:6.2f} ({story.external_constant:.2f})   {story.lost:7.2f} [{story.lost_low:.2f}]"
            f"  {story.held_out:12}  {story.pointing:8.2f} ({story.usual_place:.2f})  {seconds:7.0f}",
            flush=True,
        )
        short = story.shortfalls() + ([f"done in {LONGEST_SECONDS} s"] if seconds > LONGEST_SECONDS else [])
        for promise in short:
            print(f"      falls short: {promise}")
        broken |= bool(short)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main([int(word) for word in sys.argv[1:]] or list(SEEDS)))
