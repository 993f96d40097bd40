"""Training: losses, train-test gaps, and the pace."""
