"""Training one member: a task, its randomness, its epochs, and the checkpoints from which a killed run goes on.

Every room of this folder needs torch, so naming them here makes no import heavier.
"""

from cxr_core.training.checkpoints import MemberProgress
from cxr_core.training.member import train_member
from cxr_core.training.task import Epoch, MemberTask, read_epochs

__all__ = ["Epoch", "MemberProgress", "MemberTask", "read_epochs", "train_member"]
