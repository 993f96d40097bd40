"""From predictions to the rows of the results tables.

inputs, group    what is evaluated: the images of each site, what each model made of them, groups of them
tasks            the two tasks: everything that is measured on one group of images
measure          all groups of a run
tables, mean_map the rows of the tables
"""
