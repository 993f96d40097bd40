"""Words that pages share."""
