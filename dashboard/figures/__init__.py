"""What figures of several pages share."""
