"""One image: what the model saw, what it answered, and what is known of it."""
