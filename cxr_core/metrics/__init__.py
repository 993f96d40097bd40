"""Metrics: one function each, NumPy in, numbers out. Undefined is NaN, never 0 or 1.

catalogue   a record of each metric that is stored: what it is called, rests on and means
confusion   recall, precision, F1, specificity, accuracy and their averages, from confusion counts
calibration how far confidence lies from being right, and how far it would by chance
influence   what each image does to a metric
ranking     AUROC and average precision, from scores
curves      ROC and precision-recall curves, exact at every point
losses      cross-entropies that take no skill, and how a loss went over the epochs
mixes       how far apart two mixes of classes are
agreement   how well readers of the same images agree
cooccurrence  which findings are present together
neighbours  which images several members see most alike
variance    how much an estimate varies by chance
no_skill    the accuracy of answers that look at no image
"""
