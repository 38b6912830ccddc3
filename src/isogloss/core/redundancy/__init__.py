"""Adaptive redundancy: how many annotations an item needs, and what a policy would have saved."""

from .policies import BadPolicy, Policy
from .replaying import Outcome, Replay, replay

__all__ = ["BadPolicy", "Outcome", "Policy", "Replay", "replay"]
