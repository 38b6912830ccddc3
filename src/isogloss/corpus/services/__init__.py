"""Writes about the corpus: imports, batches, language estimates."""

from isogloss.corpus.services.asking import ask_reestimate
from isogloss.corpus.services.batches import the_batch
from isogloss.corpus.services.detection import announce_items, detect_languages, reestimate_languages, shown_text
from isogloss.corpus.services.flags import set_flags
from isogloss.corpus.services.imports import ImportOptions, cancel_import, discard_stored, start_import, store_upload
from isogloss.corpus.services.reading import read_import

__all__ = [
    "ImportOptions",
    "announce_items",
    "ask_reestimate",
    "cancel_import",
    "detect_languages",
    "discard_stored",
    "read_import",
    "reestimate_languages",
    "set_flags",
    "shown_text",
    "start_import",
    "store_upload",
    "the_batch",
]
