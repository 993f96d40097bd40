"""The findings, each drawn where it occurs, in coordinates of the lungs that are drawn once for a patient."""
