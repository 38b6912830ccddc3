"""The shipped detectors behind one face: each gives, for each text, its best languages with a score."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from isogloss.core.language import tags

__all__ = ["Detector", "Votes", "load_detectors"]

Votes = tuple[tuple[str, float], ...]  # best first; scores of one detector are comparable with one another only

TOP = 5
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_SKIPPED = frozenset({"tlh", "zzp", "un", "und", "zxx", "xxx", "ie", "ia"})
_SAME = {"no": "nb", "hbo": "he", "uzs": "uz", "sdh": "ckb", "kik": "ki", "xx-Bugi": "bug", "ext": "es", "gcr": "gcf", "ak": "tw"}


class Detector(Protocol):
    """Something that votes on the language of cleaned texts."""

    name: str
    languages: frozenset[str]

    def votes(self, texts: Sequence[str]) -> list[Votes]:
        """The best languages of each text, best first; an empty tuple where it has no opinion."""


@lru_cache(maxsize=1)
def load_detectors() -> tuple[Detector, ...]:
    """The detectors that are installed: a missing compiled one costs accuracy, not the feature."""
    found: list[Detector] = []
    for make in (LangidDetector, CldDetector, EldDetector, WordsDetector):
        try:
            found.append(make())
        except (ImportError, OSError):
            continue
    return tuple(found)


@lru_cache(maxsize=1024)
def _tag(label: str) -> str:
    """A detector's own label in our spelling, at the level of languages; empty where it names no language."""
    if label in _SKIPPED:
        return ""
    try:
        return tags.base(_SAME.get(label, label))
    except tags.UnknownTag:
        return ""


class LangidDetector:
    """py3langid: naive Bayes over byte n-grams; all texts walk its automaton together, 5 times as fast as one by one."""

    name = "py3langid"

    def __init__(self) -> None:
        from py3langid.langid import LanguageIdentifier

        model: Any = LanguageIdentifier.from_model_file("data/model.npz.xz", norm_probs=True)
        self._next = (
            np.frombuffer(model.tk_nextmove, dtype=np.dtype(model.tk_nextmove.typecode))
            if not isinstance(model.tk_nextmove, np.ndarray)
            else model.tk_nextmove
        )
        self._base = np.asarray(model._rowbase, dtype=np.int64)  # noqa: SLF001  the automaton has no public face
        self._output = np.asarray(model.tk_output, dtype=np.int64)
        self._weights = model.nb_ptc
        self._prior = np.asarray(model.nb_pc, dtype=np.float32)
        labels = [_tag(label) for label in model.nb_classes]
        self._names = list(dict.fromkeys(labels))
        self._columns = np.array([self._names.index(label) for label in labels])
        self.languages = frozenset(filter(None, self._names))

    def votes(self, texts: Sequence[str]) -> list[Votes]:
        """The five likeliest languages with their probabilities."""
        probabilities = self.probabilities(texts)
        best = np.argsort(-probabilities, axis=1)[:, :TOP]
        return [
            tuple((self._names[column], float(row[column])) for column in columns if self._names[column])
            for row, columns in zip(probabilities, best, strict=True)
        ]

    def probabilities(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Texts × names, softmax with a temperature of the square root of the number of bytes, as py3langid has it."""
        encoded = [text.encode("utf-8", errors="replace")[:1500] for text in texts]
        result = np.zeros((len(texts), len(self._names)), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place]))
        for start in range(0, len(order), 256):
            places = order[start : start + 256]
            scores = self._scores([encoded[place] for place in places])
            for column, name in enumerate(self._columns):
                result[places, name] += scores[:, column]
        return result

    def log_scores(self, words: Sequence[str], *, languages: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Words × languages: log-likelihoods per square root of bytes; a language it does not know gets the mean of the others."""
        framed = [f" {word} ".encode("utf-8", errors="replace")[:200] for word in words]
        order = sorted(range(len(framed)), key=lambda place: len(framed[place]))
        raw = np.zeros((len(framed), len(self._prior)))
        for start in range(0, len(order), 512):
            places = order[start : start + 512]
            raw[places] = self._likelihoods([framed[place] for place in places]) - self._prior
        raw /= np.sqrt(np.array([len(text) for text in framed]))[:, None] if framed else 1.0
        known = [place for place, language in enumerate(languages) if language in self.languages]
        result = np.zeros((len(framed), len(languages)))
        for place in known:
            columns = np.flatnonzero(self._columns == self._names.index(languages[place]))
            result[:, place] = raw[:, columns].max(axis=1)
        if known and len(known) < len(languages):
            others = [place for place in range(len(languages)) if place not in known]
            result[:, others] = result[:, known].mean(axis=1, keepdims=True)
        return result

    def _scores(self, encoded: list[bytes]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Probabilities of one batch, texts sorted by length."""
        scores = self._likelihoods(encoded)
        scores /= np.sqrt(np.maximum([len(text) for text in encoded], 1))[:, None]
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1, keepdims=True)
        return scores

    def _likelihoods(self, encoded: list[bytes]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Log-posteriors of one batch, texts sorted by length; zero where no feature was found."""
        from scipy.sparse import coo_matrix

        longest = max(map(len, encoded), default=0)
        lengths = np.array([len(text) for text in encoded])
        letters = np.zeros((len(encoded), longest), dtype=np.uint8)
        for row, text in enumerate(encoded):
            letters[row, : len(text)] = np.frombuffer(text, dtype=np.uint8)
        state = np.zeros(len(encoded), dtype=np.int64)
        rows: list[Any] = []
        features: list[Any] = []
        first = 0
        for position in range(longest):
            while lengths[first] <= position:  # shorter texts stand first
                first += 1
            state = self._next[self._base[state[-(len(encoded) - first) :]] + letters[first:, position]].astype(np.int64)
            seen = self._output[state]
            hit = np.flatnonzero(seen >= 0)
            rows.append(hit + first)
            features.append(seen[hit])
        if not rows:
            return np.zeros((len(encoded), len(self._prior)), dtype=np.float32)
        counts = coo_matrix(
            (np.ones(sum(map(len, rows)), dtype=np.float32), (np.concatenate(rows), np.concatenate(features))),
            shape=(len(encoded), self._weights.shape[0]),
        ).tocsr()
        counts.sum_duplicates()
        used, places = np.unique(counts.indices, return_inverse=True)
        counts.indices = places.astype(counts.indices.dtype)
        counts._shape = (len(encoded), len(used))  # noqa: SLF001  narrowed to the features in use
        counts.data = np.log1p(counts.data)
        scores = np.asarray(counts @ self._weights[used].astype(np.float32)) + self._prior
        scores[np.diff(counts.indptr) == 0] = 0.0
        return scores


class CldDetector:
    """pycld2: quick, many languages, with a confidence that says little."""

    name = "pycld2"

    def __init__(self) -> None:
        import pycld2

        self._detect = pycld2.detect
        self._error = pycld2.error
        known = set(pycld2.DETECTED_LANGUAGES)
        self.languages = frozenset(filter(None, (_tag(code) for name, code in pycld2.LANGUAGES if name in known)))

    def votes(self, texts: Sequence[str]) -> list[Votes]:
        """Up to three languages with the share of the text that is theirs times its own score's reliability."""
        return [self._vote(text) for text in texts]

    def _vote(self, text: str) -> Votes:
        try:
            _, _, details = self._detect(text.encode("utf-8", errors="replace"), isPlainText=True, bestEffort=True)
        except (self._error, ValueError):
            return ()
        merged: dict[str, float] = {}
        for _, code, share, _ in details:
            tag = _tag(code)
            if tag and share:
                merged[tag] = merged.get(tag, 0.0) + share / 100.0
        return tuple(merged.items())


class EldDetector:
    """eldc: sixty languages, the most accurate on those it knows."""

    name = "eldc"

    def __init__(self) -> None:
        import eldc

        eldc.init()
        self._instance: Any = eldc.instance()
        self._instance.set_scores(TOP)
        self.languages = frozenset(filter(None, (_tag(code) for code in eldc.LANGUAGES)))

    def votes(self, texts: Sequence[str]) -> list[Votes]:
        """The five best languages with its scores between 0 and 1."""
        return [self._vote(text) for text in texts]

    def _vote(self, text: str) -> Votes:
        scores: Mapping[str, float] = self._instance.detect_details(text.replace("\0", " ")).scores
        return tuple(
            (tag, score) for tag, score in ((_tag(code), float(score)) for code, score in scores.items()) if tag and math.isfinite(score)
        )


class WordsDetector:
    """Common words of each language, colloquial ones too: weak alone, decisive between neighbours and where the others know nothing."""

    name = "words"

    def __init__(self) -> None:
        listed: dict[str, set[str]] = {}
        source = files("isogloss.core.language") / "words.txt"
        for line in source.read_text(encoding="utf-8").splitlines():
            tag, *words = line.split()
            if tag != "#":
                for word in words:
                    listed.setdefault(unicodedata.normalize("NFC", word), set()).add(tag)
        self.languages = frozenset(tag for owners in listed.values() for tag in owners)
        total = len(self.languages)
        self._owners = {word: (tuple(sorted(owners)), math.log(total / len(owners)) / 5.0) for word, owners in listed.items()}

    def votes(self, texts: Sequence[str]) -> list[Votes]:
        """The five languages with the most of their own words, weighted by how few languages share each."""
        return [self._vote(text) for text in texts]

    def _vote(self, text: str) -> Votes:
        words = _WORD.findall(text.lower().replace("’", "'"))
        if not text.isascii():
            words += [pair for run in _HAN.findall(text) for pair in (*run, *map("".join, pairwise(run)))]
        found: dict[str, float] = {}
        for word in words:
            owned = self._owners.get(word)
            if owned is not None:
                for tag in owned[0]:
                    found[tag] = found.get(tag, 0.0) + owned[1]
        scale = 1.0 + math.sqrt(len(words))
        best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
        return tuple((tag, score / scale) for tag, score in best)

    def listed(self, words: Sequence[str], *, languages: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Words × languages: 1 where the word is on the language's list and, of these languages, on few others'."""
        place = {language: number for number, language in enumerate(languages)}
        result = np.zeros((len(words), len(languages)))
        for row, word in enumerate(words):
            owners = [place[tag] for tag in self._owners.get(word, ((), 0.0))[0] if tag in place]
            result[row, owners] = 1.0
        return result
