"""Which predictions a page is about: one model's, on one dataset, in one role, judged under one label policy."""

from dataclasses import dataclass
from typing import Literal

from dashboard.queries.runs import Value

Role = Literal["internal_test", "external_test"]
"""The two tests that pages compare."""

Side = Literal["home", "abroad"]
"""Where a test lies, as the address says it."""

Key = tuple[str, str]
"""An image of a run: its dataset, and its id there."""

KEPT = "image_id IN (SELECT image_id FROM image WHERE dataset = $dataset AND left_out IS NULL)"
"""What follows AND where only the task with a single class is asked for: a run predicts held-out images beyond the cap
too, and they have their part in the task ``finding`` alone."""

BY_SEED = "md5(concat_ws('|', $seed, image_id)), image_id"
"""What follows ORDER BY where images are drawn by a seed: the same ones on every machine, in every version."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """One test of one model. It may hold no images: a model trained on all images at home has no internal test there.

    Attributes:
        model: The id of an ensemble.
        dataset: The images.
        policy: The label policy that says what is right.
        role: Which of the predictions on these images count.
    """

    model: str
    dataset: str
    policy: str
    role: Role

    def parameters(self) -> dict[str, Value]:
        """For a query."""
        return {"model": self.model, "dataset": self.dataset, "policy": self.policy, "role": self.role}
