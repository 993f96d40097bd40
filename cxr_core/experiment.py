"""Every setting of a run, and the named presets. The command line is generated from `Experiment`."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import tyro

from cxr_core.errors import SettingsError
from cxr_core.findings import FINDINGS, MOST_CLASSES, named
from cxr_core.settings import Network, Outputs, Recipe, Regime, Saliency

Views = Literal["frontal", "PA", "AP", "all"]

PAPER_IMAGES = 30_000
PAPER_CAP = 805


PRIMARY_KEYS = ("metric", "internal", "external", "stratum")


def _check_primary(given: tuple[str, ...]) -> None:
    keys = [each.partition("=")[0] for each in given]
    _require(
        all("=" in each for each in given) and set(keys) <= set(PRIMARY_KEYS) and len(set(keys)) == len(keys),
        "--primary takes metric=..., internal=POLICY, external=POLICY, stratum=..., each of them at most once.",
    )


def _require(holds: bool, message: str) -> None:  # noqa: FBT001 -- reads as an assertion
    if not holds:
        raise SettingsError(message)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Every setting that changes a run's numbers.

    Attributes:
        preset: The name under which these settings are known.
        findings: The run's classes, 1 to 30, by any of their names. What a site does not label is unknown there.
        outputs: ``softmax``: one class an image, the paper's; ``sigmoid``: any number of findings an image.
        seed: The one seed from which every random draw of the run derives.
        views: Which projections take part; ``frontal`` is PA, AP and frontals whose projection is not recorded.
        training_policy: The label policy that decides what is trained on; the source's default if not given.
        cap: At most this many images of a class, held-out part included.
        held_out: Share of the source images held out by the regime ``split``.
        folds: Instead of one held-out part, so many folds: each image is held out once, and a number
            is a mean over folds.
        external_images: A seeded sample of whole patients with about so many single-class images under the external
            site's default policy, or ``all``. Every image of theirs is predicted, with a single class or without.
        regimes: ``full`` trains on all source images, ``split`` holds a part out.
        members: Networks per regime (and fold).
        replicates: Bootstrap replicates behind every interval.
        network: What is trained.
        recipe: How it is trained.
        saliency: Methods beyond class activation maps.
        primary: What is declared as the primary comparison before any number is seen, as ``metric=macro_auroc``,
            ``internal=POLICY``, ``external=POLICY``, ``stratum=view=PA``. What is not given: accuracy, or for sigmoid
            outputs AUROC; the policies that are shown first; all images. Pages mark all else as exploratory.
    """

    preset: tyro.conf.Suppress[str] = "run"
    findings: tuple[str, ...] = FINDINGS
    outputs: Outputs = "softmax"
    seed: int = 0
    views: Views = "frontal"
    training_policy: str | None = None
    cap: int | None = None
    held_out: float = 0.2
    folds: int | None = None
    external_images: int | Literal["all"] = "all"
    regimes: tuple[Regime, ...] = ("full", "split")
    members: int = 3
    replicates: int = 2000
    network: Annotated[Network, tyro.conf.arg(name="")] = Network()
    recipe: Annotated[Recipe, tyro.conf.arg(name="")] = Recipe()
    saliency: Saliency = Saliency()
    primary: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", named(self.findings))
        twice = sorted({name for name in self.findings if self.findings.count(name) > 1})
        _require(
            1 <= len(self.findings) <= MOST_CLASSES and not twice,
            f"--findings takes 1 to {MOST_CLASSES} findings, each of them once under one of its names, found "
            f"{len(self.findings)}{', more than once ' if twice else ''}{', '.join(twice)}.",
        )
        _require(
            self.outputs == "sigmoid" or len(self.findings) >= 2,
            "--outputs softmax gives each image one of several classes, found one. Give --outputs sigmoid, or more "
            "--findings.",
        )
        _require(
            self.outputs == "softmax" or self.cap is None,
            "--cap keeps so many images of each single class, and with --outputs sigmoid an image may have several. "
            "Give --cap None.",
        )
        _check_primary(self.primary)
        _require(0 < self.held_out < 1, f"--held-out is a share between 0 and 1, found {self.held_out}.")
        _require(self.folds is None or self.folds >= 2, f"--folds must be at least 2, found {self.folds}.")
        _require(self.cap is None or self.cap >= 1, f"--cap must be at least 1, found {self.cap}.")
        _require(self.members >= 1, f"--members must be at least 1, found {self.members}.")
        _require(self.replicates >= 100, f"--replicates must be at least 100, found {self.replicates}.")
        _require(self.network.size_px >= 32, f"--size-px must be at least 32, found {self.network.size_px}.")
        _require(self.seed >= 0, f"--seed must be at least 0, found {self.seed}.")
        _require(0 <= self.recipe.momentum < 1, f"--momentum is below 1, found {self.recipe.momentum}.")
        _require(self.recipe.weight_decay >= 0, f"--weight-decay is not negative, found {self.recipe.weight_decay}.")
        _require(self.recipe.patience >= 1, f"--patience must be at least 1, found {self.recipe.patience}.")
        _require(self.saliency.images >= 1, f"--saliency-images must be at least 1, found {self.saliency.images}.")
        _require(self.recipe.epochs >= 1, f"--epochs must be at least 1, found {self.recipe.epochs}.")
        _require(self.recipe.batch_size >= 2, f"--batch-size must be at least 2, found {self.recipe.batch_size}.")
        _require(self.recipe.learning_rate > 0, f"--learning-rate must be above 0, found {self.recipe.learning_rate}.")
        _require(
            0 < len(self.regimes) == len(set(self.regimes)), "--regimes takes full, split, or both, each of them once."
        )
        _require(
            self.external_images == "all" or self.external_images >= 1,
            f"--external-images is a number of images or 'all', found {self.external_images}.",
        )
        _require(
            self.folds is None or "split" in self.regimes,
            "--folds needs the regime 'split': it is what is cut in folds.",
        )

    def as_dict(self) -> dict[str, object]:
        """Everything, nested, as JSON holds it."""
        return asdict(self)


def from_json(text: str) -> Experiment:
    """The settings that `Experiment.as_dict` gave, after a way through JSON.

    Runs of old may name a setting that is gone: it left external images without a single class out of the predictions.
    Nor do they name their classes and outputs, which were always the same.

    Raises:
        TypeError: If a setting is unknown or missing its parts.
        SettingsError: If a value is out of range.
    """
    plain = json.loads(text)
    plain.pop("external_single_class", None)
    plain["findings"] = tuple(plain.get("findings", FINDINGS))
    plain["regimes"] = tuple(plain["regimes"])
    plain["network"] = Network(**plain["network"])
    plain["recipe"] = Recipe(**plain["recipe"])
    plain["saliency"]["methods"] = tuple(plain["saliency"]["methods"])
    plain["saliency"] = Saliency(**plain["saliency"])
    plain["primary"] = tuple(plain.get("primary", ()))
    return Experiment(**plain)


PAPER = Experiment(
    preset="paper",
    training_policy="dominant",
    cap=PAPER_CAP,
    external_images=PAPER_IMAGES,
)
"""The paper's protocol: ResNet-18 from ImageNet, SGD 1e-3, 5 epochs, 3 members a regime. What the paper leaves open,
and how this reads it, is in docs/adr/0003-what-the-paper-does-not-say.md."""

DEMO = Experiment(
    preset="demo",
    held_out=0.25,
    network=Network(architecture="small", weights="none", size_px=80),
    recipe=Recipe(
        epochs=20,
        optimizer="adamw",
        learning_rate=5e-3,
        weight_decay=1e-2,
        schedule="one_cycle",
    ),
)
"""The paper's story on two synthetic hospitals, in minutes on two cores: a network and a recipe for small images."""
