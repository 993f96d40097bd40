"""One command, from its words to its exit code.

Nothing heavy is imported here: Ctrl-C is heeded before the first library is loaded.
"""

import sys
from typing import NoReturn

from cxr_core import program, stopping
from cxr_core.errors import CxrError

_GREETING = """\
Second Site: how far does a chest X-ray classifier travel?

Train at one hospital, test there and at another, and see how much is lost and on which images. Start with

  {demo:<67}two synthetic hospitals: nothing to bring
  {paper:<67}the paper's experiment, from two folders
  {dashboard:<67}look at the results
"""


def main(arguments: list[str]) -> int:
    """Carries out one command.

    Returns:
        0 when it is done; 2 if something stands in the way that the user can mend; 130 if it was stopped by Ctrl-C, 143
        by SIGTERM, 129 by a terminal that closed.
    """
    with stopping.heeded() as stop:
        try:
            _carry_out(arguments)
        except BaseException as error:
            if stop.is_told:  # whatever a library made of it
                stop.tell()
                return stop.exit_code
            if (said := _mendable(error)) is None:
                raise
            print(f"\n{said}", file=sys.stderr)
            return 2
    return 0


def _carry_out(arguments: list[str]) -> None:
    import tyro

    from cxr_core.cli.commands import COMMANDS
    from cxr_core.cli.flags import gather_flags

    if not arguments:
        print(_greeting())
        arguments = ["--help"]
    name, *given = arguments
    if name in COMMANDS:
        arguments = [name, *gather_flags(given, command=COMMANDS[name])]
    tyro.extras.subcommand_cli_from_dict(
        COMMANDS, args=arguments, prog=program.name(), description="", config=(tyro.conf.OmitArgPrefixes,)
    )


def _greeting() -> str:
    return _GREETING.format(
        demo=program.command("demo"),
        paper=program.command("paper --source VINBIGDATA --external CHEXPERT"),
        dashboard=program.dashboard(),
    )


def _mendable(error: BaseException) -> str | None:
    """What to tell of an error that the user can mend; None for a mistake in the program."""
    if isinstance(error, CxrError):
        return str(error)
    if isinstance(error, OSError):  # a full disk, a folder that may not be written
        return f"{error}. Mend that and start again: what was finished is kept."
    return None


def script() -> NoReturn:
    """The command that this process was started with, and the process's end."""
    stopping.finish(main(sys.argv[1:]))
