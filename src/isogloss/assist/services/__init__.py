"""Writes about what models say: language models themselves, the segments of texts, figures of flags."""

from isogloss.assist.services.figures import FlagCount, store_flag_figures
from isogloss.assist.services.models import SEED, GateRefused, TrainingSource, activate, go_back, start_training, train
from isogloss.assist.services.segments import segment_items
from isogloss.assist.services.suggestions import set_suggestions

__all__ = [
    "SEED",
    "FlagCount",
    "GateRefused",
    "TrainingSource",
    "activate",
    "go_back",
    "segment_items",
    "set_suggestions",
    "start_training",
    "store_flag_figures",
    "train",
]
