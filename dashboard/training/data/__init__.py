"""Training: did it learn, and did it overfit? And how far is a run that is still going on?"""
