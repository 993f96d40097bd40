"""Which images a number rests on, counted and named: what its metric says of them."""

from cxr_core.metrics.catalogue import record
from dashboard.notation import counted, plural, resting_on
from dashboard.results.metrics import Number
from dashboard.results.pairs import Pair

Basis = tuple[int, str]
"""How many, and what one of them is called."""


def rests_on(number: Number) -> str:
    """``54 positives``, ``81 predictions``; ``54 positives, 297 negatives`` where both decide; else ``351 images``."""
    return ", ".join(counted(n, noun) for n, noun in _bases(number))


def too_few(number: Number) -> str:
    """``12 positives``, ``41 images, counting as 12.3``: why a number is not estimable."""
    n, noun = min(_bases(number))
    return resting_on(number.estimate, n=n, noun=noun)


def of_both(pair: Pair) -> str:
    """``54 internal, 53 external positives``; of what negatives decide too ``54 of 351 internal, ...``."""
    return _of_both(pair, named=True)


def of_both_in_short(pair: Pair) -> str:
    """``54, 53 positives``: the same, internal before external."""
    return _of_both(pair, named=len(pair.sides) == 1)


def _of_both(pair: Pair, *, named: bool) -> str:
    found = {side: _bases(number) for side, number in pair.sides.items()}
    said = []
    for side, bases in found.items():
        of = f" of {pair.sides[side].estimate.n:,}" if len(bases) > 1 else ""
        said.append(f"{bases[0][0]:,}{of}{f' {side}' if named else ''}")
    nouns = [bases[0][1] for bases in found.values()]
    return f"{', '.join(said)} {plural(nouns[0])}" if nouns else ""


def _bases(number: Number) -> tuple[Basis, ...]:
    images = number.estimate.n
    if number.positives is None:
        return ((images, number.noun),)
    positives, negatives = (number.positives, "positive"), (images - number.positives, "negative")
    match record(number.metric).rests_on:
        case "of_class":
            return (positives,)
        case "of_others":
            return (negatives,)
        case "rarer":
            return (positives, negatives)
        case "predicted" if number.predicted is not None:
            return ((number.predicted, "prediction"),)
        case _:
            return ((images, number.noun),)
