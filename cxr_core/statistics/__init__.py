"""Intervals that resample patients, not images.

resampling  one draw of patient weights per dataset
design      what images of the same patient cost: design effects and effective sample sizes
intervals   percentile, Wilson, and the difference of two sites
score       AUROC, average precision and F1 in closed form
shares      a share of images in closed form, for what no run stores
members     several single networks: their mean and their range
"""
