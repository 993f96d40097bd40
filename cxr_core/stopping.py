"""Signals that end a command from outside: Ctrl-C, a scheduler's SIGTERM, a terminal that closes.

Nothing heavy is imported here: whoever starts a command listens before the first library is loaded.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn, TypeVar

T = TypeVar("T")

STOPPED = "\nStopped. The same command goes on from here.\n"

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE_S = 10.0
_SOON_S = 0.02


class Stop:
    """Whether a command was told to stop, and by what."""

    def __init__(self) -> None:
        self._number = 0
        self._is_leaving = False

    @property
    def is_told(self) -> bool:
        """Whether a signal came. What is raised from then on is a consequence of it."""
        return self._number != 0

    @property
    def exit_code(self) -> int:
        """As a shell tells it: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; 128 if none came."""
        return 128 + self._number

    def tell(self) -> None:
        """Says on standard error that the command was stopped; a terminal that is gone is told nothing."""
        with suppress(OSError, ValueError):
            sys.stderr.write(STOPPED)
            sys.stderr.flush()

    def heed(self, number: int, frame: FrameType | None) -> None:
        """Begins the way out at the first signal; it takes its time for what must be left tidy, but not for ever."""
        _ignore()
        self._number = number
        signal.signal(signal.SIGALRM, self._go_on)
        self._leave(frame)

    def note_lost(self, unraisable: "sys.UnraisableHookArgs", *, otherwise: Callable[..., object]) -> None:
        """Raises again, soon, what came in a callback where nothing can be raised; says nothing of it."""
        if not self.is_told:
            otherwise(unraisable)
        elif isinstance(unraisable.exc_value, KeyboardInterrupt):
            self._is_leaving = False
            signal.setitimer(signal.ITIMER_REAL, _SOON_S)

    def _leave(self, frame: FrameType | None) -> None:
        if _must_wait(frame):
            signal.setitimer(signal.ITIMER_REAL, _SOON_S)
            return
        self._is_leaving = True
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_S)
        raise KeyboardInterrupt

    def _go_on(self, _: int, frame: FrameType | None) -> None:
        if not self._is_leaving:
            self._leave(frame)
            return
        self.tell()
        os._exit(self.exit_code)


@contextmanager
def heeded() -> Iterator[Stop]:
    """Turns the signals that end a command into one KeyboardInterrupt; what `nohup` has ignored stays ignored."""
    stop = Stop()
    before = {number: signal.getsignal(number) for number in (*_SIGNALS, signal.SIGALRM)}
    hook = sys.unraisablehook
    sys.unraisablehook = lambda unraisable: stop.note_lost(unraisable, otherwise=hook)
    for number in _SIGNALS:
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, stop.heed)
    try:
        yield stop
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook


def finish(code: int) -> NoReturn:
    """Ends the process; nothing is left that a signal could stop."""
    _ignore()
    sys.exit(code)


def unbroken(begin: Callable[[], T]) -> T:
    """Calls what begins processes: no signal breaks in, it waits for the end.

    The processes, and the threads that will begin more of them, never hear of Ctrl-C or of a terminal that closes, not
    even while they load: whoever began them ends them. A process half begun would say so in a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        return begin()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore() -> None:
    for number in _SIGNALS:
        signal.signal(number, _do_nothing)


def _do_nothing(_: int, __: FrameType | None) -> None:
    """Unlike SIG_IGN, this is not handed on to processes that begin later, which could then not be ended."""


def _must_wait(frame: FrameType | None) -> bool:
    """Whether a library is half loaded, which may swallow an interruption, or `unbroken` is at work.

    Another thread can receive what this one holds back; Python answers in this one all the same.
    """
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>" or frame.f_code is unbroken.__code__:
            return True
        frame = frame.f_back
    return False
