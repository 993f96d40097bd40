"""The parts of a body, each as what a beam meets of it."""
