"""The two processes of a submission, candidate and examiner, and the channel between them."""
