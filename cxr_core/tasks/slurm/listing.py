"""What Slurm's commands print, read: squeue, sinfo, scontrol show config, and what sbatch says where it refuses."""

import re
from collections.abc import Mapping

from cxr_core.tasks.slurm.cluster import Element

SQUEUE_FORMAT = "%i|%T|%j|%r|%k"
"""For `squeue --array --noheader`: id, state, name, reason and comment."""

SINFO_FORMAT = "%N|%c|%m|%T|%P"
"""For `sinfo --Node --noheader`: name, cores, megabytes, state and partition of each node."""

_DEFAULT_ARRAY_SIZE = 1001
_MB = 1024

_AWAY = (
    "Unable to contact slurm controller", "Socket timed out", "Zero Bytes were transmitted", "Connection refused",
    "Connection timed out", "Unable to connect", "temporarily unable", "Resource temporarily unavailable",
    "Transport endpoint is not connected", "Slurm backup controller in standby mode", "Message receive failure",
    "Communication connection failure", "Protocol authentication error",
)  # fmt: skip
_FULL = ("MaxSubmitJob", "job submit limit", "MaxJobsPerAccount", "Job array submission rate")

_IN_VAIN = re.compile(
    "PartitionConfig|PartitionTimeLimit|PartitionNodeLimit|BadConstraints|InvalidAccount|InvalidQOS|AccountNotAllowed|"
    r"QOSNotAllowed|JobHeldAdmin|JobHeldUser|DependencyNeverSatisfied|(Assoc|QOS)\w*Per(Job|Node)(Limit)?$"
)
_NO_NODES = re.compile("ReqNodeNotAvail|Nodes required for job are|PartitionDown|PartitionInactive")
_UNUSABLE = ("down", "drain", "fail", "unknown", "error", "future", "maint", "power_down", "reboot")

_TOO_LARGE = (
    "No node of the partition is so large: see `sinfo -o '%P %c %m %G'`, and ask for less with --slurm-memory-gb, "
    "--task-cpus or --slurm-gpus."
)
_ADVICE = (
    ("account|qos", "Name yours by the variables SBATCH_ACCOUNT and SBATCH_QOS."),
    ("partition", "Name another with --slurm-partition; `sinfo` lists them."),
    ("gres|gpu", "No node of the partition has so many GPUs: see `sinfo -o '%P %G'` and --slurm-gpus."),
    ("time limit", "Ask for less with --slurm-minutes; `sinfo -o '%P %l'` shows what is allowed."),
    ("memory|node configuration|processors|cpu", _TOO_LARGE),
)


def elements(squeue: str) -> Mapping[str, Element]:
    """The elements that squeue lists, by id."""
    found = {}
    for line in squeue.splitlines():
        cells = line.strip().split("|", 4)
        if len(cells) == 5:
            element, state, name, reason, comment = cells
            comment = "" if comment == "(null)" else comment
            found[element] = Element(state=state, name=name, reason=reason, comment=comment)
    return found


def slots(sinfo: str, *, partition: str | None, memory_gb: int) -> int:
    """How many jobs of one core, with that memory each, the usable nodes of a partition hold at a time; 0: none is up.

    Args:
        sinfo: What it printed.
        partition: Its name; the default one, which has a star, unless said.
        memory_gb: Of each job.
    """
    held = {}
    for line in sinfo.splitlines():
        cells = line.strip().split("|")
        if len(cells) != 5 or not _is_usable(cells[3]):
            continue
        node, cores, megabytes, _, its = cells
        if its.endswith("*") if partition is None else its.rstrip("*") == partition:
            held[node] = max(1, min(_number(cores), _number(megabytes) // (memory_gb * _MB)))
    return sum(held.values())


def array_size(config: str) -> int:
    """How many elements an array may have, as `scontrol show config` says; 1 where there are no arrays."""
    found = re.search(r"^MaxArraySize\s*=\s*(\d+)", config, flags=re.MULTILINE)
    return max(1, int(found[1]) if found else _DEFAULT_ARRAY_SIZE)


def is_away(said: str) -> bool:
    """Whether a command failed because the controller does not answer at the moment."""
    return any(words in said for words in _AWAY)


def is_full(said: str) -> bool:
    """Whether sbatch refused because there are too many jobs of this user already."""
    return any(words in said for words in _FULL)


def waits_in_vain(reason: str) -> bool:
    """Whether a job that waits for this reason begins only after somebody mended something."""
    return _IN_VAIN.search(reason) is not None


def waits_for_nodes(reason: str) -> bool:
    """Whether a job that waits for this reason waits for nodes to come back."""
    return _NO_NODES.search(reason) is not None


def refusal(said: str) -> str:
    """What sbatch said, in one line, and what to do about it."""
    lines = [line.removeprefix("sbatch: ").removeprefix("error: ").strip() for line in said.splitlines()]
    words = " ".join(dict.fromkeys(line.rstrip(".") + "." for line in lines if line)) or "No reason was given."
    for pattern, advice in _ADVICE:
        if re.search(pattern, words, flags=re.IGNORECASE):
            return f"{words} {advice}"
    return f"{words} `sinfo` and `scontrol show partition` show what there is."


def _is_usable(state: str) -> bool:
    """A star behind the state: the node does not answer."""
    return "*" not in state and not state.lower().startswith(_UNUSABLE)


def _number(cell: str) -> int:
    found = re.match(r"\d+", cell)
    return int(found[0]) if found else 0
