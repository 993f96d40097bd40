"""Confusion: each class by the class that is answered."""
