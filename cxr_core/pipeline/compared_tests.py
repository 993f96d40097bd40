"""The pairs of an internal and an external test of a model, with the answers that are compared."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxr_core.evaluation.inputs import Scored, Site
from cxr_core.manifest import Reference
from cxr_core.settings import Role
from cxr_core.shift import answers
from cxr_core.shift.answers import SiteAnswers
from cxr_core.statistics.resampling import Resamples


@dataclass(frozen=True, kw_only=True)
class ComparedTest:
    """One test of a model: a site's images in a role, under the primary policy.

    Attributes:
        site: The dataset.
        one: What the model made of it.
        role: Which of its images.
        policy: Their label policy.
        resamples: The site's replicates.
        stated: The stated threshold of each finding, shape ``(k,)``.
    """

    site: Site
    one: Scored
    role: Role
    policy: str
    resamples: Resamples
    stated: npt.NDArray[np.float64]

    @property
    def reference(self) -> Reference:
        """The reference standard of the site's images."""
        return self.site.references[self.policy]

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
        place: The columns by which its rows are found.
    """

    model_id: str
    internal: ComparedTest
    external: ComparedTest
    known: ComparedTest
    place: dict[str, object]
