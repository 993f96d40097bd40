"""What takes no skill on the images that a training is judged by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.queries.overview.no_skill import NoSkill, no_skill
from dashboard.queries.training.memory import Memory
from dashboard.queries.training.parts import Part
from dashboard.results.comparison import Comparison


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The lines of one regime; None where it has no such images."""

    training: NoSkill | None
    held_out: NoSkill | None


def lines(comparison: Comparison, summaries: Sequence[Memory], parts: Sequence[Part]) -> Mapping[str, Lines]:
    """From regime to its lines, on its training images and in the internal test, under the policies of `memory`.

    Args:
        comparison: Which internal test.
        summaries: One for each regime.
        parts: What the regimes were trained on.
    """
    internal, home = comparison.internal_dataset, comparison.internal_policy
    trained = {part.regime: (part.dataset, part.policy) for part in parts}
    found = {}
    for row in summaries:
        dataset, policy = trained.get(row.regime, (internal, home))
        if dataset == internal:
            policy = home
        found[row.regime] = Lines(
            training=no_skill(comparison.run, model=row.regime, dataset=dataset, policy=policy, role="train"),
            held_out=no_skill(comparison.run, model=row.regime, dataset=internal, policy=home, role="internal_test"),
        )
    return found
