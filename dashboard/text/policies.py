"""Rules of label policies, in words."""

import re
from collections.abc import Collection

from dashboard import words
from dashboard.results import runs
from dashboard.results.comparison import TestSet
from dashboard.results.database import RunKey
from dashboard.words import plain

_ELSEWHERE = (
    "It is not offered here: AUROC and average precision under it are in the run's results file, tables metric and gap."
)


def policy_rule(run: RunKey, test: TestSet) -> str:
    """A label policy and what it does; empty if the run does not say it."""
    rule = runs.policies(run, dataset=test.dataset).get(test.policy)
    if not rule:
        return ""
    return f"**{plain(test.site)}, {plain(words.policy(test.policy))}**: {plain(rule_in_words(rule))}"


def policies_offered(run: RunKey, test: TestSet, *, offered: Collection[str]) -> str:
    """What each label policy of a dataset does, a line each in Markdown, the one that is chosen in bold.

    Args:
        run: The run.
        test: Of the dataset, under the policy that is chosen.
        offered: Those that can be chosen; of any other is said where its numbers are.
    """
    lines = [f"**{plain(test.site)}**"]
    for policy, rule in runs.policies(run, dataset=test.dataset).items():
        name = plain(words.policy(policy))
        where = "" if policy in offered else f" {_ELSEWHERE}"
        said = f"**{name}**, chosen" if policy == test.policy else name
        lines.append(f"- {said}: {plain(rule_in_words(rule))}{where}")
    return "\n".join(lines)


def rule_in_words(rule: str) -> str:
    """What a label policy does, in plain text; where it leans on another policy, that one is named as on the page."""
    return re.sub(r"\b[a-z]+_[a-z_]+\b", lambda found: f"“{words.policy(found.group())}”", rule)
