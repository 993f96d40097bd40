"""What label policies do, in words."""

from pathlib import Path

import duckdb

from dashboard.results.side import Side
from dashboard.text.policies import policies_offered, policy_rule
from tests.support.made.runs import MadeRun, first_comparison
from tests.support.pages import as_read


def test_a_rule_names_other_policies_as_the_page_does(results: Path) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE policy SET description = 'As u_zeros, but left out.' WHERE policy = 'u_ignore'")
        connection.execute("UPDATE policy SET description = '' WHERE policy = 'dominant'")
    comparison = first_comparison(path)
    internal, external = (policy_rule(comparison.run, test) for test in comparison.tests.values())
    assert internal == ""
    assert as_read(external) == "CheXpert train, uncertain left out: As “uncertain is negative”, but left out."


def test_what_every_policy_does_is_told_and_of_one_that_is_not_offered_where_its_numbers_are(results: Path) -> None:
    comparison = first_comparison(MadeRun().write(results))
    said = policies_offered(comparison.run, comparison.tests[Side.EXTERNAL], offered=("u_ignore",))
    first, *lines = as_read(said).splitlines()
    assert first == "CheXpert train"
    assert "- uncertain left out, chosen: The rule “uncertain left out”." in lines
    (other,) = (line for line in lines if line.startswith("- uncertain is positive"))
    assert other.startswith("- uncertain is positive: The rule “uncertain is positive”. It is not offered here: AUROC")
