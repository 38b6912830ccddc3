"""Writes about the corpus: imports, batches, language estimates."""

from isogloss.corpus.services.asking import ask_reestimate
from isogloss.corpus.services.batches import the_batch
from isogloss.corpus.services.clusters import ask_serve_held, cluster_items, hold_duplicates, serve_held, serve_item, set_hold
from isogloss.corpus.services.detection import announce_items, detect_languages, reestimate_languages, shown_text
from isogloss.corpus.services.flags import set_flags
from isogloss.corpus.services.imports import ImportOptions, batch_name, cancel_import, discard_stored, start_import, store_upload
from isogloss.corpus.services.profiling import cancel_profile, profile_texts, start_batch_profile, start_file_profile
from isogloss.corpus.services.reading import read_import

__all__ = [
    "ImportOptions",
    "announce_items",
    "ask_reestimate",
    "ask_serve_held",
    "batch_name",
    "cancel_import",
    "cancel_profile",
    "cluster_items",
    "detect_languages",
    "discard_stored",
    "hold_duplicates",
    "profile_texts",
    "read_import",
    "reestimate_languages",
    "serve_held",
    "serve_item",
    "set_flags",
    "set_hold",
    "shown_text",
    "start_batch_profile",
    "start_file_profile",
    "start_import",
    "store_upload",
    "the_batch",
]
