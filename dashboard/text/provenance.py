"""The line below a picture that left the page: of which run, model, datasets and policies, and of how many images."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.results.comparison import Comparison, TestSet
from dashboard.results.sample_size import sample_size
from dashboard.results.side import Side


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
        return words.file_stem(self.run, self.name)

    @property
    def heading(self) -> str:
        """The title as a line begins with it."""
        return words.one_line(f"{self.title[:1].upper()}{self.title[1:]}")

    def line(self) -> str:
        """``run demo · split, ensemble · ● internal test: VinBigData (synthetic), all readers, n = 341``."""
        return " · ".join(map(words.one_line, (f"run {self.run}", *self.parts())))


def of_tests(
    comparison: Comparison,
    *,
    name: str,
    title: str,
    n: Mapping[Side, int | tuple[int, int]] | None = None,
    called: Mapping[Side, str] | None = None,
    beside: Sequence[Comparison] = (),
) -> Provenance:
    """Of a picture that shows a model's tests.

    Args:
        comparison: Run, model, sites and policies.
        name: The page and what the picture shows, for the name of its file.
        title: What it shows, plain text.
        n: The images of each test that is shown, from the fewest to the most where classes rest on different images; by
            default both tests, and their images with a single class.
        called: What the images of a side are where they are no test.
        beside: Of other runs that it shows too.
    """

    def parts() -> Sequence[str]:
        others = (part for other in beside for part in (f"run {other.run.name}", *_tested(other, None, {})))
        return (*_tested(comparison, n, called or {}), *others)

    return Provenance(run=comparison.run.name, name=name, title=title, parts=parts)


def site_and_policy(test: TestSet) -> str:
    """``VinBigData (synthetic), over half of readers``."""
    return f"{test.site}, {words.policy(test.policy)}"


def images(count: int | tuple[int, int]) -> str:
    """``n = 1,044``; ``n = 212 to 1,044 by class`` of the fewest and the most."""
    if isinstance(count, int):
        return f"n = {count:,}"
    fewest, most = count
    return images(most) if fewest == most else f"n = {fewest:,} to {most:,} by class"


def _tested(
    comparison: Comparison, n: Mapping[Side, int | tuple[int, int]] | None, called: Mapping[Side, str]
) -> tuple[str, ...]:
    tests = comparison.tests
    counts: Mapping[Side, int | tuple[int, int]] = (
        {side: sample_size(comparison, side).images for side in tests} if n is None else n
    )
    shown = {side: count for side, count in counts.items() if side in tests}
    said = (
        f"{side.mark} {called.get(side, side.test)}: {site_and_policy(tests[side])}, {images(count)}"
        for side, count in shown.items()
    )
    return (comparison.model_name, *said)
