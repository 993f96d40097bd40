"""The way from two folders to one sealed results file, a room a stage.

run, context, workspace, workers                  the one way through, what travels with it, where it works
sites, inclusion, ingest, image_facts, rejected_files   datasets, their images brought to one form, files set aside
model_source                                      where models come from, of which there are two kinds:
trained_models, plan, held_out, members           trained here, each on its part of the source
inherited_models, parent                          taken from an old run, with its source rows
prediction_plan, predict, saliency_tables         who is asked about which image, and what is answered
stored_answers, strata, metric_tables, seal, hashes   what is measured and written, and by what it is known again
summary, export, verify                           of a sealed run
"""
