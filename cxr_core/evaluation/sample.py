"""The images of one group: one model, dataset, role, policy and stratum."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Sample:
    """m images and what is known of each.

    Attributes:
        classes: Reference standard, shape ``(m,)``: the index of a class, or -1 where there is no single class.
        present: Reference standard, shape ``(m, k)``: 1, 0, NaN unknown.
        predicted: Shape ``(m,)``: the index of a class.
        probability: Shape ``(m, k)``.
        clusters: Patient of each image, shape ``(m,)``: a row of `weights`.
        weights: Shape ``(patients, 1 + r)``: column 0 is the sample itself, the others its replicates.
        train_mix: Shape ``(k,)``: share of each class among the training images; NaN where unknown.
    """

    classes: npt.NDArray[np.int8]
    present: npt.NDArray[np.float32]
    predicted: npt.NDArray[np.int8]
    probability: npt.NDArray[np.float32]
    clusters: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]
    train_mix: npt.NDArray[np.float64]

    def only(self, kept: npt.NDArray[np.bool_]) -> "Sample":
        """Some of its images.

        Args:
            kept: Mask of shape ``(m,)``.
        """
        return Sample(
            classes=self.classes[kept],
            present=self.present[kept],
            predicted=self.predicted[kept],
            probability=self.probability[kept],
            clusters=self.clusters[kept],
            weights=self.weights,
            train_mix=self.train_mix,
        )
