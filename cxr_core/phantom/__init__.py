"""Draws two synthetic hospitals in the published layouts, that differ by named causes and by nothing else."""
