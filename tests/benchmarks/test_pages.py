"""What the benchmark of pages calls a miss."""

from benchmarks.pages import Painted, missed, table

EMPTY_SECONDS = 1.5


def test_a_page_misses_when_it_is_slow_cold_or_warm() -> None:
    painted = {
        "quick": Painted(cold=3.4, first=0.9, again=0.3),
        "slow to start": Painted(cold=3.6, first=0.9, again=0.3),
        "slow at first": Painted(cold=3.4, first=1.1, again=0.3),
        "always slow": Painted(cold=3.4, first=1.2, again=1.1),
    }
    assert missed(EMPTY_SECONDS, painted) == [
        "slow to start cold is 2.10 s over the empty page, more than 2",
        "slow at first first takes 1.10 s, more than 1",
        "always slow first takes 1.20 s, more than 1",
        "always slow again takes 1.10 s, more than 1",
    ]


def test_the_table_tells_what_a_page_costs_over_the_empty_one() -> None:
    row = table(EMPTY_SECONDS, {"overview": Painted(cold=3.25, first=0.5, again=0.25)}).splitlines()[-1]
    assert row.split() == ["overview", "3.25", "1.75", "0.50", "0.25"]
