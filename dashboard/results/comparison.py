"""The comparison of a page: one model's internal test with its external test."""

from dataclasses import dataclass

from cxr_core.roles import pooled_ensemble
from dashboard import words
from dashboard.results.database import RunKey, Value
from dashboard.results.side import Role, Side

ADDRESS = ("run", "model", "internal", "internal_policy", "external", "external_policy")
"""What every page shares, as named in the address."""

PATIENT = "patient"
"""What intervals are over where it is recorded of whom an image is."""


@dataclass(frozen=True, kw_only=True)
class TestSet:
    """One test of one model. It may hold no images: a model trained on all source images has no internal test there.

    Attributes:
        model: The id of an ensemble, or of a model that was brought.
        dataset: The images.
        policy: The label policy that says what is right.
        role: Which of the predictions on these images count.
        is_synthetic: Whether a computer drew the images.
        is_by_study: Whether it is counted in studies, not in images.
    """

    model: str
    dataset: str
    policy: str
    role: Role
    is_synthetic: bool = False
    is_by_study: bool = False

    @property
    def noun(self) -> str:
        """What is counted: ``image``, or ``study``."""
        return "study" if self.is_by_study else "image"

    @property
    def site(self) -> str:
        """The dataset as pages name it, plain text; one that a computer drew says so."""
        return words.dataset(self.dataset, synthetic=self.is_synthetic)

    @property
    def side(self) -> Side:
        """Which of the two tests it is."""
        return Side.INTERNAL if self.role == "internal_test" else Side.EXTERNAL

    def parameters(self) -> dict[str, Value]:
        """For a query."""
        return {"model": self.model, "dataset": self.dataset, "policy": self.policy, "role": self.role}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A model and its two tests, checked against what the run really holds.

    Attributes:
        run: Which results file.
        model: The id of an ensemble, or of a model that was brought.
        internal_dataset: The images of the internal test; None if the run has none.
        internal_policy: The label policy there; None if the run has no internal dataset.
        external_dataset: The images of the external test; None if the run has none.
        external_policy: The label policy there; None if the run has no external dataset.
        pooled: The datasets on which each image is answered by all folds' networks together, a model of its own.
        synthetic: The datasets of the run whose images a computer drew.
        studies: The datasets of the run that are counted in studies.
        without_patients: The datasets of the run of which no patient is recorded.
        by_study: Those of them of which studies are recorded.
        is_brought: Whether the model was trained elsewhere, and is called as it came.
    """

    run: RunKey
    model: str
    internal_dataset: str | None
    internal_policy: str | None
    external_dataset: str | None
    external_policy: str | None
    pooled: frozenset[str] = frozenset()
    synthetic: frozenset[str] = frozenset()
    studies: frozenset[str] = frozenset()
    without_patients: frozenset[str] = frozenset()
    by_study: frozenset[str] = frozenset()
    is_brought: bool = False

    @property
    def model_name(self) -> str:
        """``split, ensemble``; of a model that was brought the name that it came with. Plain text."""
        return self.model if self.is_brought else words.model(self.model)

    def site(self, dataset: str) -> str:
        """A dataset of the run as pages name it, plain text; one that a computer drew says so."""
        return words.dataset(dataset, synthetic=dataset in self.synthetic)

    def answering(self, dataset: str) -> str:
        """The id of the model whose answer an image of a dataset has."""
        return pooled_ensemble(self.model) if dataset in self.pooled else self.model

    @property
    def pooled_sites(self) -> tuple[str, ...]:
        """Of the sites that are shown, those on which only all folds' networks together answer image by image."""
        shown = dict.fromkeys((self.internal_dataset, self.external_dataset))
        return tuple(self.site(name) for name in shown if name is not None and name in self.pooled)

    def test(self, side: Side) -> TestSet | None:
        """One of the tests, image by image; None if the run has no dataset for it."""
        datasets = {Side.INTERNAL: self.internal_dataset, Side.EXTERNAL: self.external_dataset}
        policies = {Side.INTERNAL: self.internal_policy, Side.EXTERNAL: self.external_policy}
        dataset, policy = datasets[side], policies[side]
        if dataset is None or policy is None:
            return None
        return TestSet(
            model=self.answering(dataset),
            dataset=dataset,
            policy=policy,
            role=side.role,
            is_synthetic=dataset in self.synthetic,
            is_by_study=dataset in self.studies,
        )

    @property
    def tests(self) -> dict[Side, TestSet]:
        """Those that the run has a dataset for, internal first; one may hold no images."""
        return {side: test for side in Side if (test := self.test(side)) is not None}

    @property
    def noun(self) -> str:
        """What both tests are counted in: ``image``, or ``study``."""
        nouns = {test.noun for test in self.tests.values()}
        return "study" if nouns == {"study"} else "image"

    @property
    def resampled(self) -> dict[Side, str]:
        """Of each test what its intervals are over: ``patient``; where none is recorded ``study``, else ``image``."""
        known = {name: "study" if name in self.by_study else "" for name in self.without_patients}
        return {side: known.get(test.dataset, PATIENT) or test.noun for side, test in self.tests.items()}

    @property
    def has_patients(self) -> bool:
        """Whether patients are recorded in any test, so that several images of one count as fewer."""
        return PATIENT in self.resampled.values()

    def parameters(self) -> dict[str, Value]:
        """Both tests, for a query."""
        return {
            "internal_dataset": self.internal_dataset,
            "internal_policy": self.internal_policy,
            "external_dataset": self.external_dataset,
            "external_policy": self.external_policy,
        }

    def address(self) -> dict[str, str]:
        """The comparison as it stands in the address bar."""
        values = (self.run.name, self.model, *self.parameters().values())
        return {key: str(value) for key, value in zip(ADDRESS, values, strict=True) if value is not None}
