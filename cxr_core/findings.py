"""The six classes, in the order of the network's outputs. Every other list of classes is derived from this one."""

FINDINGS = ("No Finding", "Cardiomegaly", "Nodule/Mass", "Lung Opacity", "Pleural Effusion", "Consolidation")
NO_FINDING = 0
