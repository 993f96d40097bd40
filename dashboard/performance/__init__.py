"""Performance: every metric in both tests, class by class."""
