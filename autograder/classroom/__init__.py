"""The class: all submissions of an assignment in parallel, and the table of their results."""
