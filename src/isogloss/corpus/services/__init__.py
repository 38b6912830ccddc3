"""Writes about the corpus: imports, batches, language estimates."""

from isogloss.corpus.services.batches import the_batch
from isogloss.corpus.services.detection import announce_items, detect_languages
from isogloss.corpus.services.imports import ImportOptions, cancel_import, discard_stored, start_import, store_upload
from isogloss.corpus.services.reading import read_import

__all__ = [
    "ImportOptions",
    "announce_items",
    "cancel_import",
    "detect_languages",
    "discard_stored",
    "read_import",
    "start_import",
    "store_upload",
    "the_batch",
]
