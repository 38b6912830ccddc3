"""Say which language each part of a text is in: script first, then character n-grams, decoded along the text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from isogloss.core.language import scripts, tags
from isogloss.core.language.decoding import decode
from isogloss.core.language.evidence import is_written_in
from isogloss.core.language.identification import VotingModel, identify
from isogloss.core.language.taggers import Tagger
from isogloss.core.language.tokens import LINGUISTIC, Kind, Token, tokens
from isogloss.core.language.wordscores import word_scores

__all__ = ["Labelled", "Mixing", "Segment", "label_tokens", "mixing", "segments"]

# In units of the scores; chosen on sentences joined from monolingual ones, see docs/methods/code-switching.md.
SWITCH_PENALTY = 1.0
SHARE_WEIGHT = 0.3  # how much a language's share of the text speaks for it where a word could be of several
_MOST_LANGUAGES = 4
_WINDOW = 6  # words that are identified together when the languages are not given
_SHORTEST_PART = 3
_SURE_PART = 1.5  # difference of scores from which a part of a word is surely of one language
_NEAR = re.compile(r"[.!?…:]\s*[\"'“‘(]*$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A token with its language and the probability of it; tokens that no language owns have the language `zxx`."""

    token: Token
    language: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one language, or of none, from `start` to before `end` in code points."""

    start: int
    end: int
    language: str
    confidence: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mixing:
    """How mixed a text is.

    `index` is the code-mixing index, 100 · (1 − most frequent language's words / words); `switches` the places where one word's language is
    not that of the word before; None for a text without words.
    """

    words: int
    index: float | None
    switches: int
    shares: dict[str, float]


def segments(
    text: str, *, languages: Sequence[str] | None = None, model: VotingModel | None = None, tagger: Tagger | None = None
) -> list[Segment]:
    """Stretches of one language in order; addresses, mentions, emoji and numbers stand apart; signs belong to their neighbours."""
    result: list[Segment] = []
    weights: list[int] = []
    for item in label_tokens(text, languages=languages, model=model, tagger=tagger):
        if item.token.kind is Kind.SIGN:
            continue
        kind = "language" if item.token.kind in {Kind.WORD, Kind.NAME} else item.token.kind.value
        last = result[-1] if result else None
        if last is not None and last.kind == kind == "language" and last.language == item.language:
            weights[-1] += 1
            mean = last.confidence + (item.confidence - last.confidence) / weights[-1]
            result[-1] = replace(last, end=item.token.end, confidence=mean)
        else:
            result.append(Segment(item.token.start, item.token.end, item.language, item.confidence, kind))
            weights.append(1)
    return result


def label_tokens(
    text: str,
    *,
    languages: Sequence[str] | None = None,
    model: VotingModel | None = None,
    tagger: Tagger | None = None,
    penalty: float = SWITCH_PENALTY,
) -> list[Labelled]:
    """Every token with its language; without `languages`, the two to four that the text and its parts look like.

    A `tagger` trained on labelled tokens decides instead, among its own labels, unless `languages` names one that it does not know.
    """
    found = tokens(text)
    words = [place for place, token in enumerate(found) if token.kind in LINGUISTIC]
    if not words:
        return [Labelled(token, "zxx", 1.0) for token in found]
    if tagger is not None and {tags.base(tag) for tag in languages or ()} <= set(tagger.languages):
        return _tagged(found, words, tagger=tagger, model=model)
    candidates = _candidates(text, [found[place] for place in words], languages=languages, model=model)
    scores = word_scores([found[place].text for place in words], languages=[tags.base(tag) for tag in candidates], model=model)
    scores += _script_scores([found[place] for place in words], candidates)
    _, chances = decode(scores, penalty=penalty)
    path, chances = decode(scores + SHARE_WEIGHT * np.log(chances.mean(axis=0) + 0.05), penalty=penalty)
    named = _names(text, found)
    result = [Labelled(token, "zxx", 1.0) for token in found]
    for row, place in enumerate(words):
        kind = Kind.NAME if place in named else _word_kind(found[place], candidates, model=model)
        chance = float(chances[row, path[row]])
        result[place] = Labelled(replace(found[place], kind=kind), candidates[int(path[row])], chance)
    return result


def _tagged(found: list[Token], words: list[int], *, tagger: Tagger, model: VotingModel | None) -> list[Labelled]:
    """The labels of a trained tagger, whatever they are; tokens that no language owns have none."""
    labels, chances = tagger.tag([found[place].text for place in words], model=model)
    result = [Labelled(token, "zxx", 1.0) for token in found]
    for row, place in enumerate(words):
        result[place] = Labelled(found[place], labels[row], float(chances[row, tagger.labels.index(labels[row])]))
    return result


def mixing(labelled: Sequence[Labelled]) -> Mixing:
    """Code-mixing index, switch points and shares of a labelled text (names and signs are no words of a language)."""
    spoken = [item.language for item in labelled if item.token.kind in {Kind.WORD, Kind.MIXED}]
    if not spoken:
        return Mixing(0, None, 0, {})
    counted = {language: spoken.count(language) for language in sorted(set(spoken))}
    switches = sum(one != two for one, two in pairwise(spoken))
    shares = {language: number / len(spoken) for language, number in counted.items()}
    return Mixing(len(spoken), 100.0 * (1.0 - max(counted.values()) / len(spoken)), switches, shares)


def _candidates(text: str, words: list[Token], *, languages: Sequence[str] | None, model: VotingModel | None) -> list[str]:
    """The languages to choose among: the given ones, or what the text and windows of six words look like; and one for every script met."""
    if languages:
        chosen = list(dict.fromkeys(tags.normalise(tag) for tag in languages))
    else:
        windows = [part for script in dict.fromkeys(word.script for word in words) for part in _windows(words, script=script)]
        weights: dict[str, float] = {}
        for share, answer in zip([2.0, *[1.0] * len(windows)], identify([text, *windows[:40]], model=model), strict=False):
            if answer.outcome == "language":
                weights[answer.language] = weights.get(answer.language, 0.0) + share * answer.confidence
        ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
        chosen = [language for language, weight in ranked[:_MOST_LANGUAGES] if weight >= 0.15 * ranked[0][1]]
    for script in dict.fromkeys(word.script for word in words):
        if not any(is_written_in(tags.base(tag), script) for tag in chosen):
            answer = identify(_windows(words, script=script)[:1], model=model)[0]
            chosen.append(
                scripts.SCRIPT_OF_LANGUAGE.get(script) or (answer.runner_up if answer.outcome == "other" else answer.language) or "und"
            )
    return list(dict.fromkeys(chosen)) or ["und"]


def _windows(words: list[Token], *, script: str) -> list[str]:
    """The words of one script, six at a time."""
    own = [word.text for word in words if word.script == script]
    return [" ".join(own[start : start + _WINDOW]) for start in range(0, len(own), _WINDOW)]


def _script_scores(words: list[Token], candidates: list[str]) -> NDArray[np.float64]:
    """A word in a script that a language is not written in is not of that language."""
    fits = np.array([[is_written_in(tags.base(tag), word.script) or (word.script == "Latn") for tag in candidates] for word in words])
    native = np.array([[is_written_in(tags.base(tag), word.script) for tag in candidates] for word in words])
    return np.where(fits, 0.0, -30.0) + np.where(native, 0.0, -1.0)


def _names(text: str, found: list[Token]) -> set[int]:
    """Capitalised words inside a sentence of a text that does not capitalise most of its words."""
    cased = [
        token
        for token in found
        if token.kind is Kind.WORD and token.text[:1].isalpha() and token.text[:1].lower() != token.text[:1].upper()
    ]
    capital = [token for token in cased if token.text[:1].isupper()]
    if not cased or len(capital) > len(cased) / 2:
        return set()
    return {
        place
        for place, token in enumerate(found)
        if token.kind is Kind.WORD
        and len(token.text) > 1
        and token.text[0].isupper()
        and token.text[1:].islower()
        and place > 0
        and not _NEAR.search(text[: token.start].rstrip()[-3:])
    }


def _word_kind(token: Token, candidates: list[str], *, model: VotingModel | None) -> Kind:
    """A hyphenated word whose parts are surely of different languages is mixed."""
    parts = [part for part in re.split(r"[-'’]", token.text) if len(part) >= _SHORTEST_PART]
    if len(parts) <= 1 or len(candidates) <= 1:
        return token.kind
    scores = word_scores(parts, languages=[tags.base(tag) for tag in candidates], model=model)
    ranked = np.sort(scores, axis=1)
    sure = ranked[:, -1] - ranked[:, -2] > _SURE_PART
    best = scores.argmax(axis=1)
    return Kind.MIXED if sure.all() and len(set(best.tolist())) > 1 else token.kind
