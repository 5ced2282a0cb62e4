"""Many devices: how several train one net."""
