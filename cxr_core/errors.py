"""Errors of data and files, in a small tree.

    CxrError
    ├── DataError            a label table or an image file is not what it should be
    │   ├── ImageError       one image file cannot be used; it is set aside and the run goes on
    │   └── UnreadableError  a file of ours is there and cannot be read; it is neither deleted nor made again
    ├── SettingsError        settings that contradict each other or the data
    └── StoreError           a results file cannot be written or opened
        ├── RefusedError     a results file that this release does not open, now or later
        └── NoRoomError      the disk takes no more; it ends a command, whatever the command was doing

Each message says what was expected, what was found, where, and what to do. These errors are caught in `cli/main.py`,
in `dashboard/app.py`, in `tasks.py` (a file is set aside) and by the list of runs (a damaged one is named), and nowhere
else.
"""

from pathlib import Path


class CxrError(Exception):
    """Something a user can mend: shown as one short paragraph, without a traceback."""


class DataError(CxrError):
    """A label table or an image file is not what it should be."""


class ImageError(DataError):
    """One image file cannot be used. It is set aside with this message as the reason."""


class UnreadableError(DataError):
    """A file of ours is there and cannot be read: no permission, a mount that is gone, a disk that fails.

    What is in it is not known, so nothing may be deleted or written anew on its account.
    """

    @classmethod
    def of(cls, path: Path, error: OSError) -> "UnreadableError":
        """The error of a file, from what the system says."""
        reason = error.strerror or type(error).__name__
        return cls(
            f"{path} cannot be read ({reason}). Check who may read it, and that its disk is there; then start the same "
            "command again."
        )


class SettingsError(CxrError):
    """Settings that contradict each other, the data or the machine."""


class StoreError(CxrError):
    """A results file cannot be written, or cannot be opened as one."""


class NoRoomError(StoreError):
    """The disk takes no more: nothing is wrong with what was being worked on, so it is never set aside for it."""


class RefusedError(StoreError):
    """A results file that can be read, and is not opened: the same file is refused another time too."""
