"""Architectures: what each famous net changed, and what it bought."""
