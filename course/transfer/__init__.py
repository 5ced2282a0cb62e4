"""Transfer: what of a trained net can be used again?"""
