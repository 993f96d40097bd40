"""Badges in Markdown for circles, diamonds and colours."""

from dashboard.results.side import Side

SYNTHETIC = ":violet-badge[:material/science: synthetic images]"
"""Beside a run of images that a computer drew."""

TRAINING = ":gray-badge[○ training images, no test]"

LEGEND = " ".join((*(side.badge() for side in Side), TRAINING))
"""Beside a picture of both tests and of training images."""
