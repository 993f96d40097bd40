"""What the page of shift fetches of a results file."""
