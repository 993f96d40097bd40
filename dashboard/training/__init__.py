"""Training: the losses of each epoch, and what was memorized."""
