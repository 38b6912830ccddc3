"""Turn texts into hashed character n-grams, all of a batch at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hashing", "hashed"]

_SPACE = 0x20
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Hashing:
    """How n-grams become numbers: lengths 1 to `longest` and whole words, into `buckets` places."""

    buckets: int = 1 << 17
    longest: int = 5
    words: bool = True


def hashed(texts: Sequence[str], *, hashing: Hashing) -> Any:
    """Rows of mean n-gram counts (scipy CSR, float32, texts × buckets).

    A text is lower-cased and framed by spaces; an n-gram may begin or end with a space but does not cross one, so it never joins two words.
    """
    from scipy.sparse import csr_matrix

    framed = [" " + text.lower() + " " for text in texts]
    lengths = np.array([len(text) for text in framed], dtype=np.int64)
    codes = np.frombuffer("".join(framed).encode("utf-32-le", errors="replace"), dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(framed)), lengths)
    rows, columns = _ngrams(codes, owner, hashing=hashing)
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=len(framed))
    pointers = np.concatenate([[0], np.cumsum(counts)])
    weights = np.repeat(1.0 / np.maximum(counts, 1), counts).astype(np.float32)
    return csr_matrix((weights, columns[order], pointers), shape=(len(framed), hashing.buckets))


def _ngrams(codes: NDArray[np.uint64], owner: NDArray[np.int64], *, hashing: Hashing) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Text number and bucket of every n-gram."""
    is_space = codes == _SPACE
    inner = np.concatenate([[0], np.cumsum(is_space)])  # spaces before each place
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    value = np.zeros(len(codes), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for size in range(1, hashing.longest + 1):
            last = len(codes) - size + 1
            if last <= 0:
                break
            value = value[:last] * _MULTIPLIER + codes[size - 1 :] + np.uint64(size)
            keep = owner[:last] == owner[size - 1 :]
            if size == 1:
                keep = keep & ~is_space
            else:
                crossing = inner[size - 1 : size - 1 + last] - inner[1 : last + 1]  # spaces strictly inside
                keep = keep & (crossing == 0)
                if last == len(codes) - 1:  # pairs: two spaces are none
                    keep = keep & ~(is_space[:last] & is_space[1:])
            places = np.flatnonzero(keep)
            rows.append(owner[places])
            columns.append(_bucket(value[places], hashing=hashing))
        if hashing.words:
            starts = np.flatnonzero(is_space[:-1] & ~is_space[1:] & (owner[:-1] == owner[1:])) + 1
            ends = np.flatnonzero(~is_space[:-1] & is_space[1:] & (owner[:-1] == owner[1:])) + 1
            mixed = (codes + np.uint64(7)) * _MIX
            total = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(mixed ^ (mixed >> np.uint64(17)))])
            rolling = _word_hashes(codes, starts, ends, total)
            rows.append(owner[starts])
            columns.append(_bucket(rolling, hashing=hashing))
    return np.concatenate(rows) if rows else np.zeros(0, np.int64), np.concatenate(columns) if columns else np.zeros(0, np.int64)


def _word_hashes(
    codes: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64], total: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """A hash of each word that depends on its letters, its ends and its length."""
    length = (ends - starts).astype(np.uint64)
    first = codes[starts] * _MULTIPLIER
    last = codes[ends - 1] * _MIX
    second = codes[np.minimum(starts + 1, ends - 1)]
    result: NDArray[np.uint64] = (total[ends] - total[starts]) ^ (first + last) ^ (second * _MULTIPLIER * _MIX) ^ (length << np.uint64(40))
    return result


def _bucket(values: NDArray[np.uint64], *, hashing: Hashing) -> NDArray[np.int64]:
    mixed = (values ^ (values >> np.uint64(31))) * _MIX
    mixed ^= mixed >> np.uint64(29)
    return (mixed % np.uint64(hashing.buckets)).astype(np.int64)
