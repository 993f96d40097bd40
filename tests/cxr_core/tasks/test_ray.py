"""Ray's cluster itself: who is let in, what it cannot do, a node that goes, and nothing that stays behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core.errors import SettingsError
from cxr_core.tasks import Failure, Needs, run_all
from cxr_core.tasks.node import Root, Sender
from cxr_core.tasks.ray import auth, ray_executor
from cxr_core.tasks.ray import executor as module
from tests.support.jobs import Job, begun, perform, run, session, wait_until
from tests.support.ray import STORE_BYTES

ROOT = Path(__file__).parents[3]


def test_a_node_that_is_lost_loses_no_task(tmp_path, cluster, ray_nodes, capfd):
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES) for _ in range(2)]
    wait_until(lambda: ray_nodes.slots == 4)
    jobs = [Job(folder=tmp_path, does="wait", number=number) for number in range(10)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ended", _losing(nodes[1], cluster=cluster, folder=tmp_path))
        results = run(jobs, ray_nodes, timeout_s=None)

    assert results == [tmp_path / f"{number}" for number in range(10)]
    assert all(path.is_file() for path in results)
    assert nodes[1] not in cluster.worker_nodes
    wait_until(lambda: ray_nodes.slots == 3)
    assert capfd.readouterr() == ("", "")  # Ray would tell hundreds of lines
    cluster.remove_node(nodes[0])
    wait_until(lambda: ray_nodes.slots == 2)


def _losing(node, *, cluster, folder):
    """As `_ended`; the first time, once all nodes are busy, a node is killed, and then the jobs may go on."""
    ended = module._ended

    def first(running):
        if node in cluster.worker_nodes:
            wait_until(lambda: len(begun(folder)) == 4)
            cluster.remove_node(node, allow_graceful=False)
            (folder / "go").touch()
        return ended(running)

    return first


def test_a_process_has_as_many_threads_as_its_task_has_cores(tmp_path, ray_nodes):
    jobs = [Job(folder=tmp_path, does="write threads")]
    run_all(jobs, perform, executor=ray_nodes, needs=Needs(kind="test", cpus=2))
    assert (tmp_path / "0").read_text() == "2"


def test_what_ends_the_process_around_a_task_again_and_again_is_that_tasks_failure(tmp_path, ray_nodes):
    jobs = [Job(folder=tmp_path, does=does, number=number) for number, does in enumerate(["kill the parent", "write"])]
    lost, written = run(jobs, ray_nodes)
    assert lost == Failure(reason="What Ray performed it in ended unexpectedly, again and again.", is_cut_off=True)
    assert written == tmp_path / "1"


def test_a_request_that_no_node_can_meet_is_said_and_not_waited_for(tmp_path, ray_nodes, monkeypatch):
    impatient = module._Ray(task_cpus=1, roots=ray_nodes.roots, sender=ray_nodes.sender, patience_s=0.1)
    monkeypatch.setattr(module, "_SOON_S", 0.05)
    for needs in (Needs(kind="train", gpus=1), Needs(kind="train", cpus=64)):
        with pytest.raises(
            SettingsError, match=f"asks for {needs.cpus} cores and {needs.gpus} GPUs.*2 cores and 0 GPUs"
        ):
            run_all([Job(folder=tmp_path, does="write")], perform, executor=impatient, needs=needs)


def test_a_node_that_lacks_a_folder_begins_nothing_and_ends_the_work(tmp_path, ray_nodes):
    sender = Sender(versions=ray_nodes.sender.versions, roots={"clinic": Root(folder=str(tmp_path / "nowhere"))})
    executor = module._Ray(task_cpus=1, roots=ray_nodes.roots, sender=sender, patience_s=1)
    with pytest.raises(SettingsError, match=r"has no folder .*nowhere.*SECOND_SITE_DATA=clinic=DIR"):
        run([Job(folder=tmp_path, does="write")], executor)
    assert not (tmp_path / "0").exists()


def test_a_file_that_is_not_seen_here_ends_the_work(tmp_path, ray_nodes, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.1)
    with pytest.raises(SettingsError, match=r"A node wrote .*/0, which is not here"):
        run([Job(folder=tmp_path, does="write nothing")], ray_nodes)


def test_who_has_no_token_or_another_is_refused(cluster, monkeypatch):
    stranger = {"RAY_AUTH_MODE": "disabled", "PATH": os.environ["PATH"]}
    assert auth._asked(cluster.address, stranger) == auth._REFUSED
    auth.check_closed(cluster.address)
    monkeypatch.setattr(auth, "_ASK", auth._ASK.replace("raylet_socket_name", "node_name"))
    with pytest.raises(SettingsError, match="This machine is no node"):
        auth.check_closed(cluster.address)
    monkeypatch.delenv("RAY_AUTH_TOKEN_PATH")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "f" * 64)
    with pytest.raises(SettingsError, match="refuses the token given here"):
        auth.check_closed(cluster.address)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"RAY_AUTH_MODE": "token"},
        {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": "/nowhere/token"},
        {"RAY_AUTH_MODE": "disabled", "RAY_AUTH_TOKEN": "f" * 64},
        {"RAY_AUTH_TOKEN": "f" * 64},
    ],
)
def test_a_cluster_is_not_joined_without_a_token(variables, monkeypatch):
    for name in ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="RAY_AUTH_MODE=token with a RAY_AUTH_TOKEN_PATH"):
        ray_executor("127.0.0.1:6379", task_cpus=1, roots={}).__enter__()


@pytest.fixture
def _with_token(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", "f" * 64)


@pytest.mark.parametrize("address", ["6379", "ray://head:10001", "head", ":6379", "head:port"])
@pytest.mark.usefixtures("_with_token")
def test_an_address_is_a_host_and_a_port(address):
    with pytest.raises(SettingsError, match="takes the head node's HOST:PORT"):
        ray_executor(address, task_cpus=1, roots={}).__enter__()


@pytest.mark.usefixtures("_with_token")
def test_a_cluster_that_is_not_there_is_said_at_once():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(SettingsError, match=f"No Ray cluster answers at 127.0.0.1:{port}"):
        ray_executor(f"127.0.0.1:{port}", task_cpus=1, roots={}).__enter__()


@pytest.mark.parametrize("answer", [0, 1])
@pytest.mark.usefixtures("_with_token")
def test_a_cluster_that_lets_in_everybody_is_not_joined(answer, monkeypatch):
    monkeypatch.setattr(auth, "_asked", lambda _address, _variables: answer)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(SettingsError, match="does not refuse whoever has no token"),
    ):
        ray_executor(f"127.0.0.1:{server.getsockname()[1]}", task_cpus=1, roots={}).__enter__()


@pytest.mark.usefixtures("_with_token")
def test_a_machine_that_is_no_node_is_told_how_to_become_one(monkeypatch):
    answers = {"disabled": auth._REFUSED, "token": auth._NO_NODE_HERE}
    monkeypatch.setattr(auth, "_asked", lambda _address, variables: answers[variables["RAY_AUTH_MODE"]])
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(SettingsError, match="ray start --address=127"),
    ):
        ray_executor(f"127.0.0.1:{server.getsockname()[1]}", task_cpus=1, roots={}).__enter__()


@pytest.mark.parametrize("address", [None, "head:6379"])
@pytest.mark.usefixtures("_with_token")
def test_where_ray_is_not_installed_the_error_says_how(address, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsError, match=r'pip install "second-site\[ray\]"'):
        ray_executor(address, task_cpus=1, roots={}).__enter__()


ONE_OF_ITS_OWN = """
import os, sys
from pathlib import Path
from cxr_core import stopping
from cxr_core.tasks.machines import Machines
from tests.support.jobs import Job, run

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    with stopping.heeded() as stop:
        try:
            with Machines(executor="ray").opened(workers=1, work=folder, roots={"results": folder}) as executor:
                print(os.environ["RAY_AUTH_TOKEN_PATH"], flush=True)
                run([Job(folder=folder, does="wait")], executor)
        except KeyboardInterrupt:
            stop.tell()
            sys.exit(stop.exit_code)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_of_a_cluster_of_ones_own_outlives_the_command(number, tmp_path):
    script = tmp_path / "command.py"
    script.write_text(ONE_OF_ITS_OWN, encoding="utf-8")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    command = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**variables, "PYTHONPATH": str(ROOT), "SECOND_SITE_RESULTS": str(tmp_path / "another")},
        start_new_session=True,
    )
    try:
        token = command.stdout.readline().strip()
        assert Path(token).stat().st_mode & 0o077 == 0
        assert Path(token).parent.stat().st_mode & 0o077 == 0
        wait_until(lambda: begun(tmp_path))
        assert len(session(command.pid)) > 3
        if number == signal.SIGKILL:
            command.kill()
        else:
            os.killpg(command.pid, number)
        _, said = command.communicate(timeout=60)
        # Ray's own agents try for a minute to tell the dead of each other.
        agents = {"ray::DashboardA", "ray::RuntimeEnv"} if number == signal.SIGKILL else set()
        wait_until(lambda: set(session(command.pid).values()) <= agents)
    finally:
        for process in session(command.pid):
            os.kill(process, signal.SIGKILL)
    with auth.private_folder():  # the next command's
        assert not Path(token).parent.exists()
    if number != signal.SIGKILL:
        assert command.returncode == 128 + number
        told = "\nStopped. The same command goes on from here.\n"
        # SIGTERM goes to Ray's processes too, of which the last may complain of the first.
        assert said == told if number == signal.SIGINT else said.endswith(told)
