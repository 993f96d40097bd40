"""The results file: its schema, writing one whole, opening one to read."""
