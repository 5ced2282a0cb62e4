"""Dense output: a class for every pixel, what a mistake costs there, and how maps grow again."""
