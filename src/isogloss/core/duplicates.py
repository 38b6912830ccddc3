"""Find texts that say the same: exactly, by a hash of the normalised text, and nearly, by MinHash over character shingles."""

import hashlib
import os
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIGNATURE", "THRESHOLD", "Clusters", "Collector", "band_keys", "clusters", "exact_hash", "grouped", "signatures", "similarity"]

SIGNATURE = 48  # numbers in a signature
THRESHOLD = 0.7  # of the estimated similarity: a word or two changed in a short text
_BAND = 3  # numbers in a band: pairs of Jaccard similarity s share one of the 16 bands with probability 1 − (1 − s³)¹⁶
_BANDS = SIGNATURE // _BAND
_SHINGLE = 3  # characters: short enough for Chinese and for words with suffixes
_SEED = 42
_BATCH = 20_000
_AT_ONCE = 50_000  # pairs
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
    return np.stack([_band_key(rows, band) for band in range(_BANDS)], axis=1)


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
    return Clusters(exact=exact, near=_near(_low_halves(rows), exact, keys_of=partial(_band_key, rows), threshold=threshold))


class Collector:
    """Takes texts batch by batch and clusters them at the end; 104 bytes of a text stay in memory, its band keys wait in a file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self._hashes = array("q")
        self._low = bytearray()
        self._blocks: list[int] = []
        self._known = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add_known(self, rows: Signatures) -> None:
        """Signatures of earlier texts, before any text is added."""
        self._known += len(rows)
        for start in range(0, len(rows), _BATCH):
            self._take(rows[start : start + _BATCH])

    def add(self, texts: Sequence[str]) -> None:
        """A batch of texts."""
        self._hashes.extend(exact_hash(text) for text in texts)
        for batch in _batches(texts):
            self._take(_signatures(batch))

    def clusters(self, *, threshold: float = THRESHOLD) -> Clusters:
        """The clusters of all that was added."""
        every = np.frombuffer(self._hashes, dtype=np.int64) if self._hashes else np.zeros(0, dtype=np.int64)
        if not self._low:
            return Clusters(exact=every, near=every)
        exact = _first_of_equal(every) + self._known
        low = np.frombuffer(self._low, dtype=np.uint16).reshape(-1, SIGNATURE)
        near = _near(low, np.concatenate([np.arange(self._known), exact]), keys_of=self._keys_of, threshold=threshold)
        return Clusters(exact=exact, near=near[self._known :])

    def _take(self, rows: Signatures) -> None:
        self._low += _low_halves(rows).tobytes()
        self._file.write(np.ascontiguousarray(band_keys(rows).T).tobytes())
        self._blocks.append(len(rows))

    def _keys_of(self, band: int) -> NDArray[np.int64]:
        keys = np.empty(sum(self._blocks), dtype=np.int64)
        place = 0
        for size in self._blocks:
            self._file.seek((place * _BANDS + band * size) * keys.itemsize)
            keys[place : place + size] = np.frombuffer(self._file.read(size * keys.itemsize), dtype=np.int64)
            place += size
        return keys


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


def _low_halves(rows: Signatures) -> NDArray[np.uint16]:
    """The lower half of each number: two numbers that differ share it once in 65 536 times."""
    return rows.astype(np.uint16)


def _near(
    low: NDArray[np.uint16], first: NDArray[np.int64], *, keys_of: Callable[[int], NDArray[np.int64]], threshold: float
) -> NDArray[np.int64]:
    """The lowest number of each cluster, begun with the `first` of equal texts.

    Pairs that share a band are compared; in a bucket each text with its neighbour and with the first, unless the two are known to be of one
    cluster already. A tree of pointers to lower numbers holds what is known.
    """
    parent = first.copy()
    for band in range(_BANDS):
        keys = keys_of(band)
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        same = np.concatenate([[False], keys[1:] == keys[:-1]])
        del keys
        second, starts = np.flatnonzero(same), np.flatnonzero(~same)
        for begin in range(0, len(second), _AT_ONCE):
            places = second[begin : begin + _AT_ONCE]
            one = order[places]
            for partner in (places - 1, starts[np.searchsorted(starts, places, side="right") - 1]):
                two = order[partner]
                apart = np.flatnonzero(_roots(parent, one) != _roots(parent, two))
                alike = apart[np.mean(low[one[apart]] == low[two[apart]], axis=-1) >= threshold]
                _join(parent, one[alike], two[alike])
    return _roots(parent, parent)


def _roots(parent: NDArray[np.int64], texts: NDArray[np.int64]) -> NDArray[np.int64]:
    found = parent[texts]
    while not np.array_equal(above := parent[found], found):
        found = above
    return found


def _join(parent: NDArray[np.int64], one: NDArray[np.int64], two: NDArray[np.int64]) -> None:
    """Let every connected group of roots point to its lowest."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    if not len(one):
        return
    names, places = np.unique(np.concatenate([_roots(parent, one), _roots(parent, two)]), return_inverse=True)
    links = (np.ones(len(one), dtype=np.bool_), (places[: len(one)], places[len(one) :]))
    _, labels = connected_components(coo_matrix(links, shape=(len(names), len(names))), directed=False)
    lowest = np.full(int(labels.max()) + 1, names[-1])
    np.minimum.at(lowest, labels, names)
    parent[names] = lowest[labels]


def _repeated(first: NDArray[np.int64]) -> float:
    return 1.0 - len(np.unique(first)) / len(first) if len(first) else 0.0
