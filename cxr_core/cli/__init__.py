"""The command line: from what was typed to what is printed."""
