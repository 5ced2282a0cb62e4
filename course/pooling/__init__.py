"""Pooling, and where its gradient goes."""
