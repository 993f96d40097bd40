"""Image: why this answer?"""
