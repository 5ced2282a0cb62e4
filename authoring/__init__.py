"""What an author need not type: a topic's files, a task's cells, the README's table."""
