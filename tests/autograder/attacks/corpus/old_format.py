"""Hand in a notebook of nbformat 3."""

STATUS = ("tampered",)


def submission(tiny):
    return b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}'
