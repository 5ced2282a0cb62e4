"""Normalisation: why normalising by the batch helps, and when it hurts."""
