"""A gap taken apart: what the class mix, the thresholds and the projections cost, and what remains.

answers         the images of one site, with one class each, and what a model says of them
refit           a bias a class and one temperature, fitted to a site's patients
crossfit        the same fitted on other patients than it is judged on, carried through the bootstrap in one step
waterfall       the terms of a gap, which add up to it
thresholds      the threshold of a rule, and flags from thresholds that were chosen on other patients
verdict         of one finding: whether its ranking or its threshold is lost
local_patients  what so many patients of the external site buy
class_mix       the external site's mix without its labels, and when it may be read
"""
