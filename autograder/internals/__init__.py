"""What reaches into the insides of other people's libraries, and the versions it was read from.

Nothing here is promised by their documentation. A test compares these versions with what is
installed; with another one, read again the places that each module names.
"""

READ_FROM = {
    "nbgrader": "0.9.6",
    "nbclient": "0.11.0",
    "jupyter_client": "8.10.0",
    "ipykernel": "7.4.0",  # by sandbox/kernel.py, which runs where none of this is shown
}
