"""The page of performance in words."""
