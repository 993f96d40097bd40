r"""Several values as one value of an address, apart by commas: ``A,B``; a comma in a value is written ``\,``."""

import re
from collections.abc import Collection, Sequence

_PART = re.compile(r"((?:\\[\\,]|[^,])*)(?:,|$)")
_ESCAPED = re.compile(r"\\([\\,])")


def joined(values: Sequence[str]) -> str:
    """Values as they stand in an address, in their order."""
    return ",".join(re.sub(r"([\\,])", r"\\\1", value) for value in values)


def parted(text: str, *, options: Collection[str] = ()) -> tuple[str, ...]:
    """The values that an address asks for, each once; none is empty.

    Args:
        text: As it stands there.
        options: Values that there are. One that holds commas may also stand there as it is.
    """
    parts = tuple(dict.fromkeys(filter(None, (_ESCAPED.sub(r"\1", part) for part in _PART.findall(text)))))
    return (text,) if text in options and not set(parts) <= set(options) else parts
