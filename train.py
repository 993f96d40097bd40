"""Second Site: how far does a chest X-ray classifier travel?

Train at one hospital, test at home and at another, and see how much is lost and on which images. Start with

  python train.py demo                                               two synthetic hospitals: nothing to bring
  python train.py paper --source VINBIGDATA --external CHEXPERT      the paper's experiment, from two folders
  python -m streamlit run dashboard/app.py                           look at the results
"""

import sys

import tyro

from cxr_core.errors import CxrError
from cxr_core.pipeline.commands import COMMANDS
from cxr_core.pipeline.typed import gathered


def main(arguments: list[str]) -> int:
    """Carries out one command.

    Returns:
        0 when it is done, 2 if something stands in the way that the user can mend, 130 if it was stopped by Ctrl-C.
    """
    if not arguments:
        print(__doc__)
        arguments = ["--help"]
    name, *given = arguments
    try:
        if name in COMMANDS:
            arguments = [name, *gathered(given, command=COMMANDS[name])]
        tyro.extras.subcommand_cli_from_dict(
            COMMANDS, args=arguments, prog="train.py", description="", config=(tyro.conf.OmitArgPrefixes,)
        )
    except CxrError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except OSError as error:  # a full disk, a folder that may not be written
        print(f"\n{error}. Mend that and start again: what was finished is kept.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
