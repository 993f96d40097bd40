"""Rules of label policies, in words."""

import re

from dashboard import words
from dashboard.results import runs
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.database import RunKey
from dashboard.words import plain


def policy_rules(comparison: Comparison) -> list[str]:
    """The label policies of the tests and what they do."""
    return [rule for test in comparison.tests.values() if (rule := policy_rule(comparison.run, test))]


def policy_rule(run: RunKey, test: TestSet) -> str:
    """A label policy and what it does; empty if the run does not say it."""
    rule = runs.policy_rule(run, dataset=test.dataset, policy=test.policy)
    if not rule:
        return ""
    return f"**{plain(test.site)}, {plain(words.policy(test.policy))}**: {plain(rule_in_words(rule))}"


def rule_in_words(rule: str) -> str:
    """What a label policy does, in plain text; where it leans on another policy, that one is named as on the page."""
    return re.sub(r"\b[a-z]+_[a-z_]+\b", lambda found: f"“{words.policy(found.group())}”", rule)
