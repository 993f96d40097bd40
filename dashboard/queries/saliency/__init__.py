"""Saliency: does it look at the right place?"""
