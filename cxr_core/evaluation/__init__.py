"""From predictions to the rows of the results tables.

inputs, strata         what is evaluated: the images of each site, what each model made of them, groups of them
single_class, finding  the two tasks: everything that is measured on one group of images
measure                all groups of a run
metric, gap            one module per table
"""
