"""The dispatch store: one protocol, one module per engine, chosen by the database in use."""

from isogloss.dispatch.store.opening import open_store
from isogloss.dispatch.store.records import DispatchStore

__all__ = ["DispatchStore", "open_store"]
