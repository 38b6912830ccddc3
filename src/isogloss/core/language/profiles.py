"""Say what a corpus is made of, row by row, in memory that does not grow with it."""

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from isogloss.core.duplicates import Collector
from isogloss.core.language import scripts, tags
from isogloss.core.language.cleaning import clean
from isogloss.core.language.identification import Identification, VotingModel, identify
from isogloss.core.language.personal import Personal, find_personal
from isogloss.core.language.segments import label_tokens, mixing
from isogloss.core.language.sources import SourceRow
from isogloss.core.sampling.intervals import wilson_interval

__all__ = ["Lengths", "Profile", "Profiler", "Share", "profile_rows"]

MIXED_SAMPLE = 1_000  # texts whose segments are looked at: they cost a hundred times an identification
MIXED_FROM = 0.2  # a text is mixed when a second language has this share of its words
UNSURE = 0.5
_BATCH = 2_000
_BINS = 400
_STEP = math.log(1.03)  # lengths are kept to 3 %
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\U0001f1e6-\U0001f1ff]")
_URL = re.compile(r"https?://|www\.\w", re.IGNORECASE)
_DECLARED = ("lang", "language", "locale")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the Wilson interval of the share (95 %); None where there is nothing to share."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """The proportion itself."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval, without continuity correction."""
        if not self.total:
            return None
        found = wilson_interval(self.count, trials=self.total)
        return found.low, found.high

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        interval = self.interval
        return {"count": self.count, "total": self.total, "share": self.share, "interval": None if interval is None else list(interval)}


@dataclass(slots=True)
class Lengths:
    """A histogram of lengths in characters, to 3 %."""

    bins: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_BINS, dtype=np.int64))
    total: int = 0
    longest: int = 0
    characters: int = 0

    def add(self, length: int) -> None:
        """One text."""
        self.bins[min(_BINS - 1, round(math.log1p(length) / _STEP))] += 1
        self.total += 1
        self.longest = max(self.longest, length)
        self.characters += length

    def quantile(self, share: float) -> int | None:
        """The length that this share of texts does not pass, to 3 %."""
        if not self.total:
            return None
        place = int(np.searchsorted(np.cumsum(self.bins), share * self.total))
        return min(self.longest, round(math.expm1(place * _STEP)))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        mean = self.characters / self.total if self.total else None
        return {
            "texts": self.total,
            "mean": mean,
            **{f"p{part}": self.quantile(part / 100) for part in (10, 50, 90, 99)},
            "longest": self.longest,
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """The figures of a corpus; `sampled` says how many texts the share of mixed ones rests on."""

    rows: int
    problems: int
    languages: dict[str, Share]
    lengths_by_language: dict[str, Lengths]
    lengths_by_script: dict[str, Lengths]
    scripts: dict[str, Share]
    exact_duplicates: Share
    near_duplicates: Share
    emoji: Share
    addresses: Share
    mixed: Share
    mixed_pairs: dict[str, int]
    personal: dict[str, Share]
    low_confidence: Share
    disputed: Share
    undeclared: Share

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "rows": self.rows,
            "problems": self.problems,
            "languages": {name: share.as_dict() for name, share in self.languages.items()},
            "scripts": {name: share.as_dict() for name, share in self.scripts.items()},
            "length_by_language": {name: lengths.as_dict() for name, lengths in self.lengths_by_language.items()},
            "length_by_script": {name: lengths.as_dict() for name, lengths in self.lengths_by_script.items()},
            "exact_duplicates": self.exact_duplicates.as_dict(),
            "near_duplicates": self.near_duplicates.as_dict(),
            "emoji": self.emoji.as_dict(),
            "url": self.addresses.as_dict(),
            "mixed": {**self.mixed.as_dict(), "pairs": self.mixed_pairs},
            "personal": {name: share.as_dict() for name, share in self.personal.items()},
            "low_confidence": self.low_confidence.as_dict(),
            "detectors_disagree": self.disputed.as_dict(),
            "other_than_declared": self.undeclared.as_dict(),
        }


def profile_rows(
    rows: Iterable[SourceRow], *, languages: Sequence[str] | None = None, model: VotingModel | None = None, seed: int = 20260101
) -> Profile:
    """The profile of all rows, read once."""
    with Profiler(languages=languages, model=model, seed=seed) as profiler:
        for batch in _batches(rows):
            profiler.add(batch)
        return profiler.profile()


class Profiler:
    """Counts as batches come, for callers that do something else with each batch too."""

    def __init__(self, *, languages: Sequence[str] | None = None, model: VotingModel | None = None, seed: int = 20260101) -> None:
        self._wanted, self._model = languages, model
        self._rng = random.Random(seed)  # noqa: S311  no secret
        self._collector = Collector()
        self._counted: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._scripts: Counter[str] = Counter()
        self._personal: Counter[str] = Counter()
        self._by_language: dict[str, Lengths] = {}
        self._by_script: dict[str, Lengths] = {}
        self._reservoir: list[str] = []

    def __enter__(self) -> Self:
        self._collector.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._collector.__exit__(*details)

    def add(self, rows: Sequence[SourceRow]) -> list[Identification]:
        """Count a batch and return its identifications, in order; rows that could not be read count as problems only."""
        texts = [row.text for row in rows]
        answers = identify(texts, languages=self._wanted, model=self._model)
        good = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row.problem is None]
        self._counted["problems"] += len(rows) - len(good)
        self._collector.add([row.text for row, _ in good])
        for row, answer in good:
            self._count(row, answer)
        return answers

    def profile(self) -> Profile:
        """The figures of what was added so far."""
        counted, rows = self._counted, self._counted["rows"]
        clusters = self._collector.clusters()
        pairs, mixed, judged = self._mixed()
        return Profile(
            rows=rows,
            problems=counted["problems"],
            languages={name: Share(number, rows) for name, number in self._languages.most_common()},
            lengths_by_language={name: self._by_language[name] for name, _ in self._languages.most_common()},
            lengths_by_script={name: self._by_script[name] for name, _ in self._scripts.most_common()},
            scripts={name: Share(number, rows) for name, number in self._scripts.most_common()},
            exact_duplicates=Share(rows - len(np.unique(clusters.exact)), rows),
            near_duplicates=Share(rows - len(np.unique(clusters.near)), rows),
            emoji=Share(counted["emoji"], rows),
            addresses=Share(counted["url"], rows),
            mixed=Share(mixed, judged),
            mixed_pairs=dict(pairs.most_common(20)),
            personal={kind.value: Share(self._personal[kind.value], rows) for kind in Personal},
            low_confidence=Share(counted["low"], rows),
            disputed=Share(counted["disputed"], rows),
            undeclared=Share(counted["undeclared"], counted["declared"]),
        )

    def _count(self, row: SourceRow, answer: Identification) -> None:
        text = row.text
        self._counted["rows"] += 1
        self._languages[answer.language] += 1
        script = scripts.dominant(clean(text))[0] or "Zyyy"
        self._scripts[script] += 1
        self._by_language.setdefault(answer.language, Lengths()).add(len(text))
        self._by_script.setdefault(script, Lengths()).add(len(text))
        self._counted["emoji"] += bool(_EMOJI.search(text))
        self._counted["url"] += bool(_URL.search(text))
        self._counted["low"] += answer.outcome != "none" and answer.confidence < UNSURE
        self._counted["disputed"] += answer.is_disputed
        for kind in {finding.kind.value for finding in find_personal(text)}:
            self._personal[kind] += 1
        self._count_declared(row, answer)
        if len(self._reservoir) < MIXED_SAMPLE:
            self._reservoir.append(text)
        elif (place := self._rng.randrange(self._counted["rows"])) < MIXED_SAMPLE:
            self._reservoir[place] = text

    def _count_declared(self, row: SourceRow, answer: Identification) -> None:
        declared = next((row.fields[name] for name in _DECLARED if isinstance(row.fields.get(name), str)), None)
        try:
            tag = tags.normalise(declared) if declared else None
        except tags.UnknownTag:
            tag = None
        if tag is None or answer.outcome != "language":
            return
        self._counted["declared"] += 1
        found = answer.free or answer.language
        self._counted["undeclared"] += not (tags.base(tag) == tags.base(found) or tags.covers(tag, found) or tags.covers(found, tag))

    def _mixed(self) -> tuple[Counter[str], int, int]:
        """How many of the sampled texts have a second language in a fifth of their words, and which pairs."""
        pairs: Counter[str] = Counter()
        mixed = judged = 0
        for text in self._reservoir:
            shares = mixing(label_tokens(text[:2_000], languages=self._wanted, model=self._model)).shares
            judged += bool(shares)
            ranked = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
            if len(ranked) > 1 and ranked[1][1] > MIXED_FROM:
                mixed += 1
                pairs["+".join(sorted(name for name, _ in ranked[:2]))] += 1
        return pairs, mixed, judged


def _batches(rows: Iterable[SourceRow]) -> Iterator[list[SourceRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
