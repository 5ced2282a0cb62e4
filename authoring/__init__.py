"""What an author need not do by hand: write the files of a topic and a task, and prove checks."""
