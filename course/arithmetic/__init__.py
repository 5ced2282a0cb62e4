"""How big the output of a layer is, and what one output sees."""
