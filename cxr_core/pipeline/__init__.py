"""The way from two folders to one sealed results file, a room a stage."""
