"""What Slurm's commands print, as Slurm 22.05 printed it."""

import pytest

from cxr_core.tasks.slurm import listing
from cxr_core.tasks.slurm.cluster import Element

SQUEUE = """\
7_0|COMPLETED|second-site-decode|None|second-site-abc
7_1|COMPLETING|second-site-decode|TimeLimit|second-site-abc
7_2|RUNNING|second-site-decode|None|second-site-abc
7_3|PENDING|second-site-decode|Nodes required for job are DOWN, DRAINED or reserved for jobs in higher partitions|x
8|FAILED|wrap|NonZeroExitCode|(null)
9|PENDING|notes|Priority|of | two

"""


def test_squeue_lists_elements_with_state_reason_and_mark():
    found = listing.elements(SQUEUE)
    assert list(found) == ["7_0", "7_1", "7_2", "7_3", "8", "9"]
    assert found["7_2"] == Element(state="RUNNING", name="second-site-decode", reason="None", comment="second-site-abc")
    assert found["8"] == Element(state="FAILED", name="wrap", reason="NonZeroExitCode")
    assert found["9"].comment == "of | two"
    assert [each.is_ended for each in found.values()] == [True, False, False, False, True, False]
    assert [each.is_ending for each in found.values()] == [True, True, False, False, True, False]
    assert [each.took_too_long for each in found.values()] == [False, True, False, False, False, False]
    assert listing.waits_for_nodes(found["7_3"].reason)


def test_an_empty_queue_lists_nothing():
    assert listing.elements("") == {}


@pytest.mark.parametrize(
    ("element", "long", "much"),
    [
        (Element(state="TIMEOUT", name="", reason="TimeLimit"), True, False),
        (Element(state="DEADLINE", name=""), True, False),
        (Element(state="OUT_OF_MEMORY", name=""), False, True),
        (Element(state="COMPLETING", name="", reason="OutOfMemory"), False, True),
        (Element(state="PENDING", name="", reason="TimeLimit"), False, False),
        (Element(state="FAILED", name="", reason="NonZeroExitCode"), False, False),
    ],
)
def test_a_job_that_asked_too_much_is_told_from_one_that_died(element, long, much):
    assert (element.took_too_long, element.took_too_much) == (long, much)


SINFO = """\
n1|64|256000|idle|main*
n1|64|256000|idle|gpu
n2|64|256000|mixed|main*
n3|64|256000|down*|main*
n4|64|256000|drained|main*
n5|64|256000|idle*|main*
n6|16+|8000|allocated|gpu
n7|8|1|idle|old
"""


@pytest.mark.parametrize(
    ("partition", "memory_gb", "slots"),
    [(None, 1, 128), (None, 8, 62), ("main", 8, 62), ("gpu", 1, 71), ("old", 8, 1), ("nope", 8, 0)],
)
def test_slots_are_what_the_usable_nodes_of_the_partition_hold(partition, memory_gb, slots):
    assert listing.slots(SINFO, partition=partition, memory_gb=memory_gb) == slots


def test_no_node_that_is_up_has_no_slots():
    assert listing.slots("n1|4|4000|down|main*\nn2|4|4000|drained*|main*\n", partition=None, memory_gb=1) == 0


@pytest.mark.parametrize(
    ("config", "size"),
    [
        ("MailProg = /usr/bin/mail\nMaxArraySize            = 5\nMaxJobCount = 10000\n", 5),
        ("MaxArraySize            = 0\n", 1),  # no arrays at all
        ("nothing of it\n", 1001),
    ],
)
def test_the_largest_array_is_what_the_configuration_says(config, size):
    assert listing.array_size(config) == size


@pytest.mark.parametrize(
    ("reason", "in_vain", "nodes"),
    [
        ("PartitionTimeLimit", True, False),
        ("PartitionConfig", True, False),
        ("BadConstraints", True, False),
        ("QOSMaxCpuPerJobLimit", True, False),
        ("QOSMaxMemoryPerJob", True, False),
        ("AssocMaxNodePerJobLimit", True, False),
        ("QOSMaxWallDurationPerJobLimit", True, False),
        ("JobHeldAdmin", True, False),
        ("ReqNodeNotAvail, UnavailableNodes:n[1-2]", False, True),
        ("PartitionDown", False, True),
        ("Resources", False, False),
        ("Priority", False, False),
        ("AssocGrpCpuLimit", False, False),
        ("QOSMaxJobsPerUserLimit", False, False),
        ("BeginTime", False, False),
    ],
)
def test_reasons_that_pass_by_themselves_are_told_from_those_that_do_not(reason, in_vain, nodes):
    assert (listing.waits_in_vain(reason), listing.waits_for_nodes(reason)) == (in_vain, nodes)


@pytest.mark.parametrize(
    ("said", "away", "full"),
    [
        (
            "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)",
            True,
            False,
        ),
        ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", True, False),
        (
            "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates",
            False,
            True,
        ),
        ("sbatch: error: Job violates accounting/QOS policy (job submit limit, user's size)", False, True),
        ("sbatch: error: invalid partition specified: nope", False, False),
    ],
)
def test_an_absent_controller_and_a_full_queue_are_told_from_a_refusal(said, away, full):
    assert (listing.is_away(said), listing.is_full(said)) == (away, full)


@pytest.mark.parametrize(
    ("said", "words", "advice"),
    [
        (
            "sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid\n",
            "invalid partition specified: nope. Batch job submission failed: Invalid. ",
            "--slurm-partition",
        ),
        ("sbatch: error: Memory specification can not be satisfied\n", "Memory specification", "--slurm-memory-gb"),
        ("sbatch: error: Invalid generic resource (gres) specification\n", "Invalid generic", "--slurm-gpus"),
        (
            "sbatch: error: Requested time limit is invalid (missing or exceeds some limit)",
            "Requested",
            "--slurm-minutes",
        ),
        ("sbatch: error: Invalid account or account/partition combination specified", "Invalid", "SBATCH_ACCOUNT"),
        ("sbatch: error: something new", "something new. ", "scontrol show partition"),
        ("", "No reason was given. ", "sinfo"),
    ],
)
def test_a_refusal_says_what_slurm_said_and_what_to_do(said, words, advice):
    found = listing.refusal(said)
    assert found.startswith(words)
    assert advice in found
    assert "sbatch:" not in found
