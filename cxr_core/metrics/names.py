"""Names that are made of other names."""

import re
from collections import Counter
from collections.abc import Sequence

_LONGEST = 150


def snake_case(names: Sequence[str]) -> tuple[str, ...]:
    """Each name in lower case with underscores, told apart where two would be alike.

    Args:
        names: Any text, each of it once.

    Returns:
        As many names, all different and of at most 150 characters and a number. Of those that would be alike each has
        its place behind it.

    Raises:
        ValueError: If a name is there twice.

    >>> snake_case(["No Finding", "Nodule/Mass"])
    ('no_finding', 'nodule_mass')
    >>> snake_case(["Nodule/Mass", "Nodule-Mass", "Edema"])
    ('nodule_mass_0', 'nodule_mass_1', 'edema')
    """
    if len(set(names)) < len(names):
        raise ValueError(f"Expected names that are all different, found {Counter(names).most_common(1)[0][0]!r} twice.")
    found = [re.sub(r"[\W_]+", "_", name.lower())[:_LONGEST].strip("_") or "class" for name in names]
    while len(set(found)) < len(found):
        count = Counter(found)
        found = [f"{name}_{place}" if count[name] > 1 else name for place, name in enumerate(found)]
    return tuple(found)
