"""Training: losses, what was memorized, and the pace."""
