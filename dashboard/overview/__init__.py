"""Overview: the accuracy of each configuration in both tests."""
