"""Find texts that say the same: exactly, by a hash of the normalised text, and nearly, by MinHash over character shingles."""

import hashlib
import os
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIGNATURE", "THRESHOLD", "Clusters", "Collector", "band_keys", "clusters", "exact_hash", "grouped", "signatures", "similarity"]

SIGNATURE = 48  # numbers in a signature
THRESHOLD = 0.7  # of the estimated similarity: a word or two changed in a short text
_BAND = 3  # numbers in a band: pairs of Jaccard similarity s share one of the 16 bands with probability 1 − (1 − s³)¹⁶
_SHINGLE = 3  # characters: short enough for Chinese and for words with suffixes
_SEED = 42
_BATCH = 20_000
_SHARED = re.compile(r"https?://\S+|www\.\S+|@\w+|\s+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

Signatures = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Clusters:
    """For each text the number of the first text of its cluster: itself where it is alone or first."""

    exact: NDArray[np.int64]
    near: NDArray[np.int64]

    @property
    def exact_share(self) -> float:
        """The share of texts that repeat an earlier one."""
        return _repeated(self.exact)

    @property
    def near_share(self) -> float:
        """The share of texts that repeat, or nearly repeat, an earlier one."""
        return _repeated(self.near)


def exact_hash(text: str) -> int:
    """64 bits, signed, of the text in NFC, case-folded, with single spaces: equal for what a reader would call the same text."""
    folded = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return int.from_bytes(hashlib.blake2b(folded.encode("utf-8", errors="replace"), digest_size=8).digest(), "little", signed=True)


def signatures(texts: Iterable[str]) -> Signatures:
    """MinHash signatures, texts × 48; the share of equal numbers of two rows estimates the Jaccard similarity of their shingles."""
    blocks = [_signatures(batch) for batch in _batches(texts)]
    return np.concatenate(blocks) if blocks else np.zeros((0, SIGNATURE), dtype=np.uint32)


def similarity(one: Signatures, two: Signatures) -> NDArray[np.float64]:
    """Estimated Jaccard similarity, row by row."""
    return np.asarray(np.mean(one == two, axis=-1))


def band_keys(rows: Signatures) -> NDArray[np.int64]:
    """Texts × 16 keys: near-duplicates share at least one, so a database finds candidates across batches by an index on them."""
    return np.stack([_band_key(rows, band) for band in range(SIGNATURE // _BAND)], axis=1)


def clusters(texts: Iterable[str], *, threshold: float = THRESHOLD, known: Signatures | None = None) -> Clusters:
    """Group texts whose similarity, or that of a chain of texts between them, reaches the threshold.

    With `known`, signatures of texts that came before, these are numbered first: text i of this call has the number `len(known) + i`, and
    a result below `len(known)` points into the earlier texts.
    """
    with Collector() as collector:
        if known is not None:
            collector.add_known(known)
        for batch in _batches(texts):
            collector.add(batch)
        return collector.clusters(threshold=threshold)


def grouped(rows: Signatures, hashes: NDArray[np.int64], *, threshold: float = THRESHOLD) -> Clusters:
    """Clusters from signatures and exact hashes at hand, so that texts of earlier batches need not be read again."""
    if not len(rows):
        return Clusters(exact=hashes, near=hashes)
    exact = _first_of_equal(hashes)
    own = np.arange(len(hashes))
    repeated = exact != own
    links = np.concatenate([_similar_pairs(rows, threshold=threshold), np.stack([own[repeated], exact[repeated]], axis=1)])
    return Clusters(exact=exact, near=_components(links, number=len(rows)))


class Collector:
    """Takes texts batch by batch and clusters them at the end; signatures wait in a temporary file, so memory stays small."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self._hashes = array("q")
        self._known = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add_known(self, rows: Signatures) -> None:
        """Signatures of earlier texts, before any text is added."""
        self._known += len(rows)
        self._file.write(np.ascontiguousarray(rows, dtype=np.uint32).tobytes())

    def add(self, texts: Sequence[str]) -> None:
        """A batch of texts."""
        self._hashes.extend(exact_hash(text) for text in texts)
        for batch in _batches(texts):
            self._file.write(_signatures(batch).tobytes())

    def clusters(self, *, threshold: float = THRESHOLD) -> Clusters:
        """The clusters of all that was added."""
        self._file.flush()
        every = np.frombuffer(self._hashes, dtype=np.int64) if self._hashes else np.zeros(0, dtype=np.int64)
        total = len(every) + self._known
        if not total:
            return Clusters(exact=every, near=every)
        rows = np.memmap(self._file, dtype=np.uint32, mode="r", shape=(total, SIGNATURE))
        exact = _first_of_equal(every) + self._known
        own = np.arange(len(every)) + self._known
        repeated = exact != own
        links = np.concatenate([_similar_pairs(rows, threshold=threshold), np.stack([own[repeated], exact[repeated]], axis=1)])
        return Clusters(exact=exact, near=_components(links, number=total)[self._known :])


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(texts)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _signatures(batch: list[str]) -> Signatures:
    """Signatures of one batch; the one place that knows the MinHash library."""
    # The library keeps threads for the life of the process, and a server's workers are forked: a worker whose parent had used the library
    # would wait for threads that stayed behind. With one thread it keeps none; one already loaded elsewhere keeps what it was told.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    from rensa import RMinHash

    framed = []
    for text in batch:
        bare = _SHARED.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()
        framed.append(f"  {' '.join(bare.split()) or text} ")
    lengths = np.array([len(text) for text in framed], dtype=np.int64)
    codes = np.frombuffer("".join(framed).encode("utf-32-le", errors="replace"), dtype=np.uint32).astype(np.uint64)
    value = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for place in range(_SHINGLE):
            value = (value ^ codes[place : place + len(value)]) * _MULTIPLIER
            value ^= value >> np.uint64(31)
    owner = np.repeat(np.arange(len(batch)), lengths)
    inside = owner[: len(value)] == owner[_SHINGLE - 1 :]
    ends = np.concatenate([[0], np.cumsum(lengths - _SHINGLE + 1)]).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(value[inside], ends, SIGNATURE, _SEED)
    return np.array(matrix.to_rows(), dtype=np.uint32)


def _first_of_equal(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each value the place where it first stands."""
    order = np.argsort(values, kind="stable")
    begins = np.concatenate([[True], values[order][1:] != values[order][:-1]])[: len(values)]
    first = np.empty(len(values), dtype=np.int64)
    first[order] = order[begins][np.cumsum(begins) - 1] if len(values) else order
    return first


def _band_key(rows: Signatures, band: int) -> NDArray[np.int64]:
    keys = np.zeros(len(rows), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for column in range(band * _BAND, (band + 1) * _BAND):
            keys = (keys ^ rows[:, column].astype(np.uint64)) * _MULTIPLIER
            keys ^= keys >> np.uint64(29)
        return (keys + np.uint64(band)).view(np.int64)


def _similar_pairs(rows: Signatures, *, threshold: float) -> NDArray[np.int64]:
    """Pairs that share a band and reach the threshold; in a bucket each text is compared with the first and with its neighbour."""
    found: list[NDArray[np.int64]] = []
    for band in range(SIGNATURE // _BAND):
        column = _band_key(rows, band)
        order = np.argsort(column, kind="stable")
        same = column[order][1:] == column[order][:-1]
        second = np.flatnonzero(same) + 1
        begins = np.maximum.accumulate(np.where(np.concatenate([[True], ~same]), np.arange(len(order)), 0)) if len(order) else order
        for partner in (second - 1, begins[second]):
            pairs = np.stack([order[second], order[partner]], axis=1)
            found += [
                part[similarity(rows[part[:, 0]], rows[part[:, 1]]) >= threshold]
                for part in np.array_split(pairs, len(pairs) // 100_000 + 1)
            ]
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.int64)


def _components(links: NDArray[np.int64], *, number: int) -> NDArray[np.int64]:
    """The lowest number in each connected group."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if number == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_matrix((np.ones(len(links), dtype=np.bool_), (links[:, 0], links[:, 1])), shape=(number, number))
    _, labels = connected_components(graph, directed=False)
    lowest = np.full(int(labels.max()) + 1, number, dtype=np.int64)
    np.minimum.at(lowest, labels, np.arange(number))
    return np.asarray(lowest[labels])


def _repeated(first: NDArray[np.int64]) -> float:
    return 1.0 - len(np.unique(first)) / len(first) if len(first) else 0.0
