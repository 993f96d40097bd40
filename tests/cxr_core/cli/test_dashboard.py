"""The dashboard as a command: served with the project's settings from anywhere, or said why not."""

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from cxr_core.cli import dashboard
from cxr_core.cli.main import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def begun(monkeypatch, capsys):
    """Types the command up to where the server would take over; gives exit code, what was to begin, what was said."""

    def begin(*words):
        found = []
        monkeypatch.setattr(os, "execve", lambda *given: found.append(given))
        code = main(["dashboard", *words])
        return code, found, capsys.readouterr().err

    return begin


@pytest.fixture
def server(tmp_path, port):
    """The dashboard of a checkout, started from a folder with a `dashboard` and Streamlit settings of its own."""
    (tmp_path / "dashboard").mkdir()
    (tmp_path / "dashboard" / "__init__.py").write_text("raise SystemExit('not ours')")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[server]\naddress = "0.0.0.0"\n[theme]\nbase = "dark"\n')
    (tmp_path / "runs").mkdir()
    command = [sys.executable, str(ROOT / "train.py"), "dashboard", "--port", str(port), "--results", "runs"]
    process = subprocess.Popen(command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def answer(port: int, path: str) -> bytes:
    end = time.monotonic() + 60
    while True:
        try:
            caller = HTTPConnection("127.0.0.1", port, timeout=5)
            caller.request("GET", path)
            return caller.getresponse().read()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)


def test_it_is_served_from_any_folder_to_this_machine_alone_and_ends_at_ctrl_c(server, port):
    assert answer(port, "/_stcore/health") == b"ok"
    with socket.socket() as caller:
        assert caller.connect_ex(("127.0.0.2", port)) != 0, "the settings of the folder won"
    assert json.loads(answer(port, "/_stcore/host-config"))["allowedOrigins"] == []

    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=20)

    assert server.returncode == 0
    assert f"http://127.0.0.1:{port}" in out
    assert "Traceback" not in out + err


def test_the_folder_of_runs_is_handed_on_and_the_checkout_is_found(begun, port, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()

    code, ((program, command, environment),), err = begun("--port", str(port), "--results", "runs")

    assert (code, err) == (0, "")
    assert program == sys.executable
    assert command[-2:] == ["--server.port", str(port)]
    assert Path(command[command.index("run") + 1]) == ROOT / "dashboard" / "app.py"
    assert environment["SECOND_SITE_RESULTS"] == str(tmp_path / "runs")
    assert environment["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)


def test_without_a_folder_it_is_the_one_of_the_environment(begun, port, monkeypatch):
    monkeypatch.setenv("SECOND_SITE_RESULTS", "/somewhere")
    assert begun("--port", str(port))[1][0][2]["SECOND_SITE_RESULTS"] == "/somewhere"


def test_the_script_tells_its_dashboard_how_commands_begin(begun, port, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/env/bin/second-site"])
    assert begun("--port", str(port))[1][0][1][-2:] == ["--", "second-site"]


def test_a_folder_that_is_not_there_is_said(begun, tmp_path):
    code, found, err = begun("--results", str(tmp_path / "nowhere"))
    assert (code, found) == (2, [])
    assert f"found no folder {tmp_path / 'nowhere'}" in err
    assert "`python train.py demo` makes a run" in err


def test_a_port_that_is_taken_is_said(begun, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        code, found, err = begun("--port", str(port))
    assert (code, found) == (2, [])
    assert f"Port {port} is taken" in err
    assert "choose another --port" in err


@pytest.mark.parametrize("number", ["0", "-1", "65536"])
def test_a_port_that_is_none_is_said(begun, number):
    code, found, err = begun("--port", number)
    assert (code, found) == (2, [])
    assert f"--port takes a number from 1 to 65535, found {number}" in err


def test_a_port_of_the_system_is_said(begun, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(dashboard.socket.socket, "bind", refuse)
    code, _, err = begun("--port", "80")
    assert code == 2
    assert "Port 80 cannot be had (Permission denied)" in err


def test_a_missing_streamlit_is_said_with_the_command_that_brings_it(begun, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    code, found, err = begun()
    assert (code, found) == (2, [])
    assert f"{sys.executable} -m pip install streamlit" in err
