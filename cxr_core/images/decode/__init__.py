"""From one image file to a reduced gray array and what its header may tell."""
