"""Labels: the classes at both sites, their mix, their names and their images."""
