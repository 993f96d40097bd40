"""The two matrices, side by side."""
