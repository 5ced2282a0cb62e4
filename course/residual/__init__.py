"""Why deeper plain nets train worse, and what a shortcut changes."""
