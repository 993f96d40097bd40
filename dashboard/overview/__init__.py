"""How far does it travel?"""
