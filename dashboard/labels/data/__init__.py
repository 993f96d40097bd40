"""What do the two sites call by the same name? One module per answer of the page."""
