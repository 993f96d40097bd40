"""Training: the losses of each epoch, and the train-test gap."""
