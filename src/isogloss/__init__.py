"""Isogloss runs the work of a linguistic annotation team, from the first request to the delivered data set."""

__version__ = "0.1.0"
