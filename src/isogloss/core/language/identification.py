"""Name the language of texts, with a confidence that means what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import fitting, scripts, tags, twins
from isogloss.core.language.cleaning import clean, letters
from isogloss.core.language.detectors import Votes, load_detectors
from isogloss.core.language.evidence import SLOTS, Space, gather, plain, with_script
from isogloss.core.language.reranking import Choice

__all__ = ["Identification", "Identifier", "Outcome", "VotingModel", "forget", "identify"]

Outcome = Literal["language", "other", "none"]

BATCH = 256
# A language outside the project's own needs fifty times the evidence: projects seldom hold what nobody announced.
_OUTSIDE = 0.02
_OTHER = 0.65  # a wrong “other” costs a reader more than a wrong name among the runners-up
_TWIN_SHARE = 0.02  # probability of two languages together below which it does not matter which it is
_LONG_RUN = 12  # characters from which one letter over and over is no word
_SURE = 0.98  # of “there is no language here”, which is a rule and no estimate


class VotingModel(Protocol):
    """A workspace's own model, or a fastText file that was brought: one more voice among the detectors."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages it can name."""

    def votes(self, texts: Sequence[str]) -> tuple[list[Votes], NDArray[np.float32]]:
        """Its best languages of each cleaned text, and the share of the text that is familiar to it."""

    def table(self, labels: Sequence[str]) -> NDArray[np.float32] | None:
        """What its answers say of each language (languages × answers + 1), when it was ever evaluated."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What is known of one text's language.

    `language` is `und` where the outcome is `other` (a language nobody here knows, or none of the project's) and `zxx` where it is `none`
    (nothing in the text is language). `free` is the answer without the project's languages, when they were given.
    `votes` are the detectors' own first answers.
    """

    language: str
    confidence: float
    outcome: Outcome
    runner_up: str | None = None
    free: str | None = None
    free_confidence: float | None = None
    votes: tuple[tuple[str, str], ...] = ()

    @property
    def is_disputed(self) -> bool:
        """Whether the trained detectors name more than one language (what the word list says does not count)."""
        return len({language for name, language in self.votes if name != "words"}) > 1


def identify(texts: Sequence[str], *, languages: Sequence[str] | None = None, model: VotingModel | None = None) -> list[Identification]:
    """Identify each text, in order; with `languages` the answer is one of these tags or `other`, and `free` keeps the open one."""
    wanted = None if languages is None else tuple(dict.fromkeys(tags.normalise(tag) for tag in languages))
    identifier = _shared() if model is None else Identifier(model)
    return [answer for start in range(0, len(texts), BATCH) for answer in identifier.answers(texts[start : start + BATCH], wanted=wanted)]


@lru_cache(maxsize=1)
def _shared() -> "Identifier":
    return Identifier(None)


def forget() -> None:
    """Read the fitted file again at the next question: for tests and benchmarks that put another one in its place."""
    for kept in (_shared, _labels, _space):
        kept.cache_clear()


class Identifier:
    """Detectors, fitted file and label space, put together once."""

    def __init__(self, model: VotingModel | None) -> None:
        known = frozenset() if model is None else model.languages
        self._reranker = fitting.load().extended(known)
        new = known - set(fitting.load().labels)
        known |= frozenset(with_script(language, is_latin=True) for language in known)
        self._model = model
        self._space = _space(self._reranker.labels, known, new)
        detectors = {detector.name: detector for detector in load_detectors()}
        self._detectors = [detectors.get(name) for name in SLOTS[:-1]]
        self._table = None if model is None else model.table(self._space.labels)
        place = self._space.place
        self._twins = [(pair, (place[pair.first], place[pair.second])) for pair in twins.pairs() if {pair.first, pair.second} <= set(place)]

    def answers(self, texts: Sequence[str], *, wanted: tuple[str, ...] | None) -> Iterator[Identification]:
        """One batch."""
        cleaned = [clean(text) for text in texts]
        votes = self.detector_votes(cleaned)
        model_votes, familiar = (None, None) if self._model is None else self._model.votes(cleaned)
        evidence = gather(cleaned, votes=[*votes, model_votes], space=self._space, familiar=familiar)
        members = None if wanted is None else _members(self._space.labels, wanted)
        extra = None if members is None else np.array(sorted(members), dtype=np.int64)
        choice = self._reranker.choose(evidence, space=self._space, model_table=self._table, extra=extra)
        for row, text in enumerate(texts):
            said = tuple(
                (name, slot[row][0][0]) for name, slot in zip(SLOTS, [*votes, model_votes], strict=True) if slot is not None and slot[row]
            )
            answer = _by_rule(text, cleaned[row], wanted=wanted) or self._answer(choice, row, text=cleaned[row], members=members)
            yield replace(answer, votes=said)

    def detector_votes(self, cleaned: Sequence[str]) -> list[list[Votes] | None]:
        """What each shipped detector says of cleaned texts; None for one that is not installed."""
        return [None if detector is None else detector.votes(cleaned) for detector in self._detectors]

    def languages_of(
        self,
        cleaned: Sequence[str],
        *,
        votes: Sequence[Sequence[Votes] | None],
        model_votes: Sequence[Votes] | None = None,
        familiar: NDArray[np.float32] | None = None,
    ) -> list[str]:
        """The best language of each cleaned text from votes at hand: to evaluate a model by what it said of texts held out from it."""
        if model_votes is None and self._model is not None:
            model_votes, familiar = self._model.votes(cleaned)
        found: list[str] = []
        for start in range(0, len(cleaned), BATCH * 8):
            part = slice(start, start + BATCH * 8)
            slots = [None if slot is None else slot[part] for slot in [*votes, model_votes]]
            evidence = gather(cleaned[part], votes=slots, space=self._space, familiar=None if familiar is None else familiar[part])
            choice = self._reranker.choose(evidence, space=self._space, model_table=self._table)
            found += [self._answer(choice, row, text=text, members=None).language for row, text in enumerate(cleaned[part])]
        return found

    def _answer(self, choice: Choice, row: int, *, text: str, members: dict[int, str] | None) -> Identification:
        merged: dict[str, float] = {}
        inside: dict[str, float] = {}
        chances = dict(zip(choice.candidates[row].tolist(), choice.probabilities[row].tolist(), strict=True))
        self._settle_twins(chances, text=text)
        for column, chance in chances.items():
            name = plain(self._space.labels[column])
            merged[name] = merged.get(name, 0.0) + chance
            if members is not None and column in members:
                inside[members[column]] = inside.get(members[column], 0.0) + chance
        free = _first(merged, other=float(choice.other[row]))
        if members is None:
            return free
        outside = max(1e-9, 1.0 - sum(inside.values())) * _OUTSIDE
        best = _first(inside, other=outside, total=outside + sum(inside.values()))
        return replace(best, free=free.language, free_confidence=free.confidence)

    def _settle_twins(self, chances: dict[int, float], *, text: str) -> None:
        """Divide anew what two languages have together that only their words tell apart."""
        for pair, columns in self._twins:
            first, second = (chances.get(column, 0.0) for column in columns)
            if first + second > _TWIN_SHARE:
                chances[columns[0]], chances[columns[1]] = twins.share(first, second, lean=pair.lean(text))


def _first(chances: dict[str, float], *, other: float, total: float = 1.0) -> Identification:
    """The likeliest language, or “other” where that is likelier than not."""
    ranked = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
    runner_up = ranked[1][0] if len(ranked) > 1 else None
    if not ranked or other / total > _OTHER:
        return Identification("und", min(1.0, other / total), "other", ranked[0][0] if ranked else None)
    return Identification(ranked[0][0], min(1.0, ranked[0][1] / total), "language", runner_up)


def _by_rule(text: str, cleaned: str, *, wanted: tuple[str, ...] | None) -> Identification | None:
    """What needs no detector: text without letters, one letter over and over, a script with one language that no detector knows."""
    script, number = scripts.dominant(cleaned)
    is_monotone = len(text) > _LONG_RUN and len({character for character in cleaned.casefold() if character.isalpha()}) <= 1
    if number == 0 or is_monotone:
        has_letters = number == 0 and letters(cleaned) > 0
        answer = Identification("und", 0.5, "other") if has_letters else Identification("zxx", _SURE, "none")
        return answer if wanted is None else replace(answer, free=answer.language, free_confidence=answer.confidence)
    language = scripts.SCRIPT_OF_LANGUAGE.get(script)
    if language is None or language in _labels():
        return None
    if wanted is not None and not any(tags.covers(tag, language) for tag in wanted):
        return Identification("und", 0.9, "other", language, language, 0.9)
    answer = Identification(language, 0.9, "language")
    return answer if wanted is None else replace(answer, free=language, free_confidence=0.9)


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    return frozenset(fitting.load().labels)


@lru_cache(maxsize=8)
def _space(labels: tuple[str, ...], model: frozenset[str], new: frozenset[str]) -> Space:
    """The label space, with the model's own languages where the fitted file does not have them."""
    return fitting.space_for(labels, model=model, anywhere=new)


@lru_cache(maxsize=64)
def _members(labels: tuple[str, ...], wanted: tuple[str, ...]) -> dict[int, str]:
    """For each language that one of the project's tags covers, that tag; the language itself where several of its varieties are wanted."""
    found: dict[int, str] = {}
    for column, label in enumerate(labels):
        language = plain(label)
        fitting_tags = [tag for tag in wanted if tags.base(tag) == language or tags.covers(tag, language)]
        own = [tag for tag in fitting_tags if tags.base(tag) == language] or fitting_tags
        if own:
            found[column] = own[0] if len(own) == 1 else language
    return found
