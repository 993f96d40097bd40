"""What circles, diamonds and colours stand for, as badges in Markdown."""

from dashboard.results.side import Side

TRAINING = ":gray-badge[○ training images, no test]"

LEGEND = " ".join((*(side.badge() for side in Side), TRAINING))
"""Beside a picture of both tests and of training images."""
