"""Convolutional networks, taught by running them: the package that lectures and exercises import."""
