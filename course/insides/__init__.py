"""Looking inside: what a trained net looks at, and how far a picture of that can be trusted."""
