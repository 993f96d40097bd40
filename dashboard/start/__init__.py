"""Which run?"""
