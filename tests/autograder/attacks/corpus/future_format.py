"""Hand in a notebook of nbformat 99."""

STATUS = ("malformed",)


def submission(tiny):
    return b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}'
