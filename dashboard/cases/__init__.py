"""Which images went wrong?"""
