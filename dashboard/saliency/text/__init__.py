"""The page of saliency in words."""
