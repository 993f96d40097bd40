"""Pictures of labels, a module each."""
