"""The library: from two folders of chest X-rays to one sealed results file. It does not know the app."""
