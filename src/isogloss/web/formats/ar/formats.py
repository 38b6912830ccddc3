"""Dates with times in Arabic: Django knows none and would write American ones."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y، H:i"
SHORT_DATETIME_FORMAT = "d\u200f/m\u200f/Y H:i"  # the marks keep day, month, year in this order from right to left
