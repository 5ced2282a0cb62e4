"""Hand in 19 MB of brackets, each of which becomes an object."""

STATUS = ("malformed",)


def submission(tiny):
    more = b"[],{}," * 3_200_000
    return b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": [' + more + b'0]}, "cells": []}'


STOCK_NEEDS = "a class that nobody waits for: it stops at this submission"
