"""The line below a picture that left the page: what it shows, of which run, model, datasets and label policies."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.sample_size import sample_size
from dashboard.results.side import Side

_NO_PART_OF_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What a picture is of.

    Attributes:
        run: The run's name.
        name: The page and what the picture shows, for the name of its file: ``performance_recall``.
        title: What it shows, plain text.
        parts: What it rests on, asked for when the picture is taken: no page waits for it.
    """

    run: str
    name: str
    title: str
    parts: Callable[[], Sequence[str]] = tuple

    @property
    def stem(self) -> str:
        """``demo_performance_recall``: the name of its file, of letters that every system takes."""
        return _NO_PART_OF_A_NAME.sub("-", f"{self.run}_{self.name}").strip("-")[:_LONGEST_NAME]

    def line(self) -> str:
        """``run demo · split, ensemble · internal test: VinBigData (synthetic), all readers, n = 341``."""
        return " · ".join(map(words.one_line, (f"run {self.run}", *self.parts())))


def of_tests(
    comparison: Comparison, *, name: str, title: str, n: Callable[[], Mapping[Side, int]] | None = None
) -> Provenance:
    """Of a picture that shows a model's tests.

    Args:
        comparison: Run, model, sites and policies.
        name: The page and what the picture shows, for the name of its file.
        title: What it shows, plain text.
        n: The images of each test that is shown; by default both, and their images with a single class.
    """

    def parts() -> Sequence[str]:
        counts = n() if n is not None else {side: sample_size(comparison, side).images for side in comparison.tests}
        shown = {side: count for side, count in counts.items() if side in comparison.tests}
        return (
            words.model(comparison.model),
            *(f"{side.test}: {site_and_policy(comparison.tests[side])}, {images(count)}" for side, count in shown.items()),
        )

    return Provenance(run=comparison.run.name, name=name, title=title, parts=parts)


def site_and_policy(test: TestSet) -> str:
    """``VinBigData (synthetic), majority of readers``."""
    return f"{test.site}, {words.policy(test.policy)}"


def images(count: int) -> str:
    """``n = 1,044``."""
    return f"n\u00a0=\u00a0{count:,}"
