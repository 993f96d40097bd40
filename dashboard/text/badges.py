"""Badges in Markdown for circles, diamonds and colours."""

from dashboard.results.side import Side

TRAINING = ":gray-badge[○ training images, no test]"

LEGEND = " ".join((*(side.badge() for side in Side), TRAINING))
"""Beside a picture of both tests and of training images."""
