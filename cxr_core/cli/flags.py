"""The command line, read so that no part of it is lost: a flag given twice, a flag without a value."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, get_args, get_origin, get_type_hints

from cxr_core.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class _Option:
    """One setting of a command.

    Attributes:
        flag: As it is shown.
        takes_several: Whether it may have more than one value.
        may_be_empty: Whether it means something without any.
    """

    flag: str
    takes_several: bool
    may_be_empty: bool


def gather_flags(arguments: Sequence[str], *, command: Callable[..., None]) -> list[str]:
    """A command's arguments with the values of a repeated flag behind its first place: ``--x A --x B`` as ``--x A B``.

    The parser behind the commands takes the last of two, without a word.

    Args:
        arguments: What stands behind the command's name.
        command: Whose signature says which flags there are and which of them take several values.

    Raises:
        SettingsError: If a flag that takes one value is there twice, or one that takes several has none.
    """
    options = dict(_options(command))
    end = arguments.index("--") if "--" in arguments else len(arguments)
    runs: dict[str, list[str]] = {"": []}
    run = runs[""]
    for token in arguments[:end]:
        name, equals, value = token.partition("=")
        option = options.get(name.replace("_", "-"))
        if option is None:
            run.append(token)
            continue
        if option.flag in runs and not option.takes_several:
            raise SettingsError(f"{option.flag} is given twice and takes one value. Give it once.")
        run = runs.setdefault(option.flag, [name] if option.takes_several else [token])
        run += [value] * (option.takes_several and bool(equals))
    _check_given(runs, options)
    return [*(token for run in runs.values() for token in run), *arguments[end:]]


def _check_given(runs: Mapping[str, list[str]], options: Mapping[str, _Option]) -> None:
    for flag, run in runs.items():
        if flag and options[flag].takes_several and len(run) == 1 and not options[flag].may_be_empty:
            raise SettingsError(f"{flag} expects one value or more, found none. Name at least one.")


def _options(owner: Callable[..., object]) -> Iterator[tuple[str, _Option]]:
    """Every flag of a command or of a dataclass that it takes, with its option."""
    defaults = _defaults(owner)
    for name, hint in get_type_hints(owner, include_extras=True).items():
        plain, marks = (hint.__origin__, hint.__metadata__) if get_origin(hint) is Annotated else (hint, ())
        if is_dataclass(plain) and isinstance(plain, type):
            yield from _options(plain)
        elif name != "return":
            shown = next((mark.name for mark in marks if getattr(mark, "name", None)), name).replace("_", "-")
            option = _Option(
                flag=f"--{shown}",
                takes_several=get_origin(plain) is tuple and Ellipsis in get_args(plain),
                may_be_empty=bool(defaults.get(name)),
            )
            yield option.flag, option
            if plain is bool:
                yield f"--no-{shown}", option


def _defaults(owner: Callable[..., object]) -> dict[str, object]:
    if is_dataclass(owner):
        return {one.name: one.default for one in fields(owner) if one.default is not MISSING}
    parameters = inspect.signature(owner).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}
