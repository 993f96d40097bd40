"""What the page of saliency fetches of a results file."""
