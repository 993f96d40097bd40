"""Did it learn, and did it overfit?"""
