"""What is taken for what in one test."""
