"""Hand in 150,000 cells."""

import json

STATUS = ("malformed",)


def submission(tiny):
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}
    cells = [{**cell, "execution_count": None, "id": f"c{n}"} for n in range(150_000)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
