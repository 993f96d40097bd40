"""Groups of images whose saliency is looked at together, by what the model answered."""

from typing import Literal

from dashboard.results.flags import OUTCOME

Group = Literal["all", "recognized", "missed", "false_alarm"]
"""Of the images of a class, or of those taken for it, by what the model answered; ``all`` are those of the class."""

OUTCOMES: dict[Group, str] = {
    "all": "recognized missed",
    "recognized": "recognized",
    "missed": "missed",
    "false_alarm": "false_alarm",
}
"""The outcomes of a group as they are stored, for the parameter ``outcomes``."""

OF_GROUP = f"""
    SELECT dataset, image_id FROM prediction JOIN reference USING (dataset, image_id)
    WHERE model_id = $model AND dataset = $dataset AND role = $role AND policy = $policy
        AND {OUTCOME} IN (SELECT unnest(string_split($outcomes, ' ')))
"""  # noqa: S608 (a constant)
"""The images of a group."""
