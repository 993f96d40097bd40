"""What ends a command from outside, at moments that the command itself picks."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

START = """
import os, signal, sys, time
sys.path.insert(0, sys.argv[1])
from cxr_core import stopping
def tell(number=signal.SIGINT):
    os.kill(os.getpid(), number)
"""

COMMAND = """
def main():
    with stopping.heeded() as stop:
        try:
            command()
        except BaseException:
            if not stop.is_told:
                raise
            stop.tell()
            return stop.exit_code
    return 0
stopping.finish(main())
"""

IN_AN_IMPORT = """
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from cxr_core.cli.main import main
stopping.finish(main(["run", "--source", "nowhere:x", "--external", "nowhere:x"]))
"""


def ended(code: str, *words: str, **more) -> tuple[int, str, str]:
    """Exit code and what was said; the pipes close when the last process that holds them has ended."""
    command = [sys.executable, "-c", START + code, str(ROOT), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **more)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_each_signal_ends_in_a_sentence_and_its_own_code(number, code):
    told = f"def command():\n    tell(signal.{number}); time.sleep(60)\n{COMMAND}"

    assert ended(told) == (code, "", "\nStopped. The same command goes on from here.\n")


def test_what_must_be_left_tidy_is_left_tidy_and_no_second_signal_breaks_in():
    code, out, err = ended(f"""
def command():
    try:
        tell(); time.sleep(60)
    finally:
        tell(); tell(signal.SIGTERM)
        print("tidy")
{COMMAND}""")

    assert (code, out) == (130, "tidy\n")
    assert err.count("Stopped.") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("module", ["tyro", "numpy", "pandas", "pandas.core.api", "duckdb", "pyarrow"])
def test_while_libraries_are_imported(module):
    assert ended(IN_AN_IMPORT, module)[::2] == (130, "\nStopped. The same command goes on from here.\n")


def test_a_library_that_says_it_in_words_of_its_own_changes_nothing():
    code, _, err = ended(f"""
def command():
    try:
        tell(); time.sleep(60)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted")
{COMMAND}""")

    assert (code, err.count("Stopped.")) == (130, 1)
    assert "Query" not in err


def test_where_nothing_can_be_raised_it_is_raised_again():
    code, _, err = ended(f"""
class Last:
    def __del__(self):
        tell(); time.sleep(0)
def command():
    Last()
    time.sleep(60)
{COMMAND}""")

    assert (code, err) == (130, "\nStopped. The same command goes on from here.\n")


def test_one_that_is_swallowed_has_its_way_in_the_end():
    code, _, err = ended(f"""
stopping._PATIENCE_S = 0.1
def command():
    try:
        tell(); time.sleep(60)
    except KeyboardInterrupt:
        pass
    time.sleep(60)
{COMMAND}""")

    assert (code, err.count("Stopped.")) == (130, 1)


@pytest.mark.parametrize("number", ["SIGHUP", "SIGINT"])
def test_what_was_ignored_before_stays_ignored(number):
    code, out, err = ended(f"""
signal.signal(signal.{number}, signal.SIG_IGN)
def command():
    tell(signal.{number}); time.sleep(0); print("done")
{COMMAND}""")

    assert (code, out, err) == (0, "done\n", "")


def test_a_mistake_in_the_program_is_not_taken_for_a_stop():
    code, _, err = ended(f"""
def command():
    raise KeyError("a mistake")
{COMMAND}""")

    assert code == 1
    assert "KeyError: 'a mistake'" in err
    assert "Stopped" not in err


def test_everything_is_as_it_was_afterwards():
    from cxr_core import stopping

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]
    hook = sys.unraisablehook
    with stopping.heeded() as stop:
        assert signal.getsignal(signal.SIGTERM) == stop.heed
    after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)]

    assert after == before
    assert sys.unraisablehook is hook


def test_children_begin_without_the_signals_that_their_parent_answers():
    masks = "import signal; print(sorted(number.name for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
    code, out, _ = ended(f"""
import subprocess
print(stopping.unbroken(lambda: subprocess.check_output([sys.executable, "-c", {masks!r}], text=True)), end="")
{masks}
""")

    assert code == 0
    assert out == "['SIGHUP', 'SIGINT']\n[]\n"


def test_what_begins_processes_is_not_broken_into_though_another_thread_gets_the_signal():
    code, out, err = ended(f"""
from threading import Thread
Thread(target=time.sleep, args=(3600,), daemon=True).start()
def begin():
    tell(); time.sleep(0.1)
    print("begun", flush=True)
def command():
    stopping.unbroken(begin)
    time.sleep(60)
{COMMAND}""")

    assert (out, err.count("Stopped.")) == ("begun\n", 1)
    assert code == 130


def test_children_that_begin_on_the_way_out_can_be_ended():
    code, out, _ = ended(f"""
import subprocess
def command():
    try:
        tell(); time.sleep(60)
    finally:
        child = subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], stdout=-1)
        child.stdout.readline()
        child.terminate()
        print(child.wait())
{COMMAND}""")

    assert (code, out) == (130, f"{-signal.SIGTERM}\n")
