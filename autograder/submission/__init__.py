"""The run of one submission: a job goes in, the executed notebook and a status come out."""
