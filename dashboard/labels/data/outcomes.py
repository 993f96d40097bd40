"""Outcomes of each label policy for the images of a test: a class, or a reason why there is none."""

from dataclasses import dataclass

import streamlit as st

from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey, ask, number
from dashboard.results.runs import classes
from dashboard.results.site_images import over_site_images

_COUNTS = over_site_images("""
    SELECT policy, class, left_out, count(*) FROM site_image JOIN reference USING (image_id)
    WHERE dataset = $dataset
    GROUP BY ALL
""")

_POLICIES = """
    SELECT policy FROM policy WHERE dataset = $dataset ORDER BY NOT is_default, policy
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a policy makes of the images of a test.

    Attributes:
        policy: The label policy.
        classes: Images with each class as their single one.
        none: Images with none of the classes.
        several: Images with more than one of them.
        uncertain: Images with an uncertain label among them.
        no_class: Images without a single class, since the policy gives none.
    """

    policy: str
    classes: tuple[int, ...]
    none: int
    several: int
    uncertain: int
    no_class: int

    @property
    def kept(self) -> int:
        """Images with a single class."""
        return sum(self.classes)


@st.cache_data(max_entries=64, show_spinner=False)
def outcomes(run: RunKey, test: TestSet) -> tuple[Outcome, ...]:
    """What each policy of the dataset makes of the images of a test, its default first."""
    parameters = test.parameters()
    del parameters["policy"]
    counts = {row[:3]: int(number(row[3])) for row in ask(run, _COUNTS, parameters)}
    policies = [policy for (policy,) in ask(run, _POLICIES, {"dataset": test.dataset})]
    return tuple(
        Outcome(
            policy=str(policy),
            classes=tuple(counts.get((policy, index, None), 0) for index in range(len(classes(run)))),
            none=counts.get((policy, None, "none"), 0),
            several=counts.get((policy, None, "several"), 0),
            uncertain=counts.get((policy, None, "uncertain"), 0),
            no_class=counts.get((policy, None, None), 0),
        )
        for policy in policies
    )
