"""Tasks as elements of Slurm's job arrays, by submitit; what became of them is known by files, never by accounting."""

from cxr_core.tasks.slurm.opened import slurm_executor

__all__ = ["slurm_executor"]
