"""What label policies do, in words."""

from pathlib import Path

import duckdb

from dashboard.text.policies import policy_rules
from tests.support.made.runs import MadeRun, first_comparison
from tests.support.pages import as_read


def test_a_rule_names_other_policies_as_the_page_does(results: Path) -> None:
    path = MadeRun().write(results)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE policy SET description = 'As u_zeros, but left out.' WHERE policy = 'u_ignore'")
        connection.execute("UPDATE policy SET description = '' WHERE policy = 'dominant'")
    (said,) = policy_rules(first_comparison(path))
    assert as_read(said) == "CheXpert train, uncertain left out: As “uncertain is negative”, but left out."
