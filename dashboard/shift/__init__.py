"""Shift: why is it lost?"""
