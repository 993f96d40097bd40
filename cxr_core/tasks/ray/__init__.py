"""Tasks on the nodes of a Ray cluster that asks for a token, or of one of this machine alone."""

from cxr_core.tasks.ray.executor import ray_executor

__all__ = ["ray_executor"]
