"""How good internally, how good externally, class by class?"""
