"""The page of shift in words."""
