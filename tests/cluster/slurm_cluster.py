"""A Slurm of this machine alone: munged, slurmctld and several slurmd of one host, without accounting."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cxr_core.files import is_alive
from tests.support.slurm import children, until

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo")

CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
CommunicationParameters=NoAddrCache
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=100000
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=10
KillWait=3
UnkillableStepTimeout=10
MinJobAge=300
MaxArraySize={array_size}
"""


def missing() -> str:
    """Why there can be no such cluster here; empty where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a Slurm of one's own is begun by root, on Linux"
    found = [name for name in PROGRAMS if shutil.which(name, path=_path()) is None]
    return f"{', '.join(found)} missing: apt-get install slurm-wlm munge" if found else ""


@dataclass
class SlurmOfTests:
    """A running cluster: nodes n1, n2, ... of some cores each."""

    folder: Path
    nodes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    controller: subprocess.Popen[bytes] | None = None

    @property
    def variables(self) -> Mapping[str, str]:
        """What the environment of a program has that is to find it."""
        return {"SLURM_CONF": str(self.folder / "slurm.conf"), "PATH": _path()}

    def said(self, *command: str) -> str:
        """What one of Slurm's commands prints."""
        done = subprocess.run(command, env=os.environ | self.variables, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else ""

    def jobs(self, *states: str) -> list[str]:
        """The elements in some state: all that wait, run or end unless said."""
        chosen = [f"--states={','.join(states)}"] if states else []
        return self.said("squeue", "--array", "--noheader", "--format=%i", *chosen).split()

    def processes(self, node: str) -> list[int]:
        """The processes of a node's jobs: what Slurm has begun, and all below."""
        marks = [f"SLURMD_NODENAME={node}".encode(), str(self.folder).encode()]
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if all(mark in environment.read_bytes() for mark in marks):
                    found.append(int(environment.parent.name))
        return [process for process in found if process != os.getpid() and is_alive(process)]

    def elements(self) -> list[int]:
        """The processes that perform a parcel, each the child of a batch script."""
        found = []
        for process in [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]:
            with suppress(OSError):
                is_one = b"submitit.core._submit" in Path(f"/proc/{process}/cmdline").read_bytes()
                if is_one and str(self.folder).encode() in Path(f"/proc/{process}/environ").read_bytes():
                    found.append(process)
        return [process for process in found if is_alive(process)]

    def end_jobs(self) -> None:
        """Ends what a test has left."""
        if left := self.jobs():
            self.said("scancel", *left)
            deadline = time.monotonic() + 20
            while self.jobs("RUNNING", "PENDING") and time.monotonic() < deadline:
                time.sleep(0.2)

    def lose(self, node: str) -> None:
        """A node goes, as by a power cut: its slurmd and all that runs on it."""
        daemon = self.nodes.pop(node)
        daemon.kill()
        daemon.wait()
        for process in [*self._supervisors(node), *self.processes(node)]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _supervisors(self, node: str) -> list[int]:
        """The slurmstepd of a node; each has a process group of its own."""
        found = []
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if b"slurmstepd" in line.read_bytes():
                    process = int(line.parent.name)
                    below = {*children(process)} & {*self.processes(node)}
                    found += [process] if below else []
        return found

    def start_controller(self) -> None:
        """Starts slurmctld, which remembers its jobs."""
        self.controller = _started(self, ["slurmctld", "-D", "-f", str(self.folder / "slurm.conf")])

    def stop_controller(self) -> None:
        """Ends slurmctld; jobs that run go on."""
        if self.controller is not None:
            _end(self.controller)

    def start_node(self, node: str) -> None:
        """Starts a node's slurmd."""
        self.nodes[node] = _started(self, ["slurmd", "-D", "-N", node, "-f", str(self.folder / "slurm.conf")])


@contextmanager
def slurm_cluster(
    *, nodes: int = 2, cores: int = 1, memory_mb: int = 4000, array_size: int = 1001
) -> Iterator[SlurmOfTests]:
    """A cluster, for as long as the block takes; nothing of it is left behind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slurm-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        (folder / "state").mkdir()
        _configure(folder, nodes=nodes, cores=cores, memory_mb=memory_mb, array_size=array_size)
        cluster = SlurmOfTests(folder=folder)
        stack.callback(_end, _begin_munge(cluster))
        stack.callback(cluster.stop_controller)
        cluster.start_controller()
        stack.callback(_take_down, cluster)  # while the controller is there to be told
        for number in range(1, nodes + 1):
            cluster.start_node(f"n{number}")
        until(
            lambda: len(set(cluster.said("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split())) == nodes,
            what="an idle cluster",
        )
        stack.callback(cluster.end_jobs)
        yield cluster


def _configure(folder: Path, *, nodes: int, cores: int, memory_mb: int, array_size: int) -> None:
    host = socket.gethostname().partition(".")[0]
    port, *own = _free_ports(nodes + 1)
    lines = [CONFIGURATION.format(host=host, port=port, folder=folder, array_size=array_size)]
    for number, its in enumerate(own, start=1):
        (folder / f"spool-n{number}").mkdir()
        has = f"CPUs={cores} RealMemory={memory_mb}"
        lines.append(f"NodeName=n{number} NodeHostname={host} NodeAddr=127.0.0.1 Port={its} {has}\n")
    lines.append(f"PartitionName=main Nodes=n[1-{nodes}] Default=YES MaxTime=600 State=UP\n")
    lines.append("PartitionName=short Nodes=n1 MaxTime=1 State=UP\n")
    (folder / "slurm.conf").write_text("".join(lines), encoding="ascii")


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _begin_munge(cluster: SlurmOfTests) -> subprocess.Popen[bytes]:
    folder = cluster.folder
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    names = {name: folder / f"munge.{name}" for name in ("socket", "pid", "log", "seed")}
    command = [
        "munged", "--foreground", "--force", f"--key-file={key}", f"--socket={names['socket']}",
        f"--pid-file={names['pid']}", f"--log-file={names['log']}", f"--seed-file={names['seed']}",
    ]  # fmt: skip
    process = _started(cluster, command)
    until(names["socket"].exists, what="munge's socket")
    return process


def _started(cluster: SlurmOfTests, command: list[str]) -> subprocess.Popen[bytes]:
    with (cluster.folder / f"{command[0]}.said").open("ab") as said:
        return subprocess.Popen(
            command, env=os.environ | cluster.variables, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True,
        )  # fmt: skip


def _take_down(cluster: SlurmOfTests) -> None:
    for node in list(cluster.nodes):
        processes = cluster.processes(node)
        _end(cluster.nodes.pop(node))
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _path() -> str:
    return os.pathsep.join(dict.fromkeys([*os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin", "/sbin"]))
