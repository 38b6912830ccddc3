"""Truth inference: what is the label of each item, how sure is that, and how reliable is each person."""

from .inferring import METHODS, BadGold, UnknownMethod, infer
from .results import UNDECIDED, Decided, Diagnostics, Inference

__all__ = ["METHODS", "UNDECIDED", "BadGold", "Decided", "Diagnostics", "Inference", "UnknownMethod", "infer"]
