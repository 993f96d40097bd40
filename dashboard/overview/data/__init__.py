"""How far does it travel? A room for each part of the answer."""
