"""How many parameters, how much memory, how many operations a net needs."""
