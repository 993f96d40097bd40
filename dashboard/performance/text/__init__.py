"""Which findings survive the journey? The page in words."""
