"""Switching between normal and tightened inspection, a pure automaton over the lots of one stream."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING

from isogloss.core.sampling.iso2859 import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isogloss.core.sampling.iso2859 import IsoPlan

_WINDOW = 5
_REJECTIONS_TO_TIGHTEN = 2
_ACCEPTED_TO_RELAX = 5
_REJECTIONS_TO_DISCONTINUE = 5
_SCORE_TO_REDUCE = 30
_STEP_RULE_FROM = 2  # from this acceptance number on, the score asks whether the lot would pass one AQL step tighter


class State(StrEnum):
    """How the next lot of a stream is inspected."""

    NORMAL = "normal"
    TIGHTENED = "tightened"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class LotResult:
    """The outcome of an original inspection, as the switching rules see it."""

    is_accepted: bool
    acceptance: int
    would_pass_tighter: bool = False
    is_resubmitted: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a stream of lots (language × task × team) stands; begin with `Stream()`."""

    state: State = State.NORMAL
    recent: tuple[bool, ...] = ()  # the last lots of this state that were accepted, newest last, at most five
    rejected_while_tightened: int = 0
    score: int = 0

    @property
    def severity(self) -> Severity | None:
        """The table for the next lot; None while inspection is discontinued."""
        return None if self.state is State.DISCONTINUED else Severity(self.state.value)

    @property
    def has_earned_reduction(self) -> bool:
        """Whether the switching score allows reduced inspection, which needs steady production and the requester's consent too."""
        return self.score >= _SCORE_TO_REDUCE


def lot_result(plan: IsoPlan, *, errors: int, is_resubmitted: bool = False) -> LotResult:
    """Say what a lot inspected by `plan` tells the switching rules."""
    passes_tighter = plan.tighter_acceptance is not None and errors <= plan.tighter_acceptance
    return LotResult(plan.accepts(errors), plan.acceptance, passes_tighter, is_resubmitted)


def after_lot(stream: Stream, *, lot: LotResult) -> Stream:
    """State after one more lot.

    Normal → tightened: 2 of at most 5 consecutive original lots rejected. Tightened → normal: 5 consecutive original lots accepted.
    Tightened → discontinued: 5 lots rejected in all since tightened inspection began. Resubmitted lots never count.
    Switching score (normal only): with Ac ≥ 2, +3 if the lot would pass one AQL step tighter, else back to 0; with Ac 0 or 1,
    +2 if accepted, else back to 0.

    Parameters
    ----------
    stream : Stream
        Where the stream stood when the lot was inspected.
    lot : LotResult
        Its outcome, see `lot_result`.

    Returns
    -------
    Stream
        A new state; the old one is untouched. A lot while inspection is discontinued changes nothing.

    References
    ----------
    ISO 2859-1:1999, 9.3.

    Examples
    --------
    >>> bad = LotResult(is_accepted=False, acceptance=7)
    >>> after_lot(after_lot(Stream(), lot=bad), lot=bad).state.value
    'tightened'
    """
    if lot.is_resubmitted or stream.state is State.DISCONTINUED:
        return stream
    recent = (*stream.recent, lot.is_accepted)[-_WINDOW:]
    if stream.state is State.NORMAL:
        if recent.count(False) >= _REJECTIONS_TO_TIGHTEN:
            return Stream(State.TIGHTENED)
        return replace(stream, recent=recent, score=_score_after(stream.score, lot=lot))
    rejected = stream.rejected_while_tightened + (not lot.is_accepted)
    if rejected >= _REJECTIONS_TO_DISCONTINUE:
        return Stream(State.DISCONTINUED, rejected_while_tightened=rejected)
    if len(recent) == _ACCEPTED_TO_RELAX and all(recent):
        return Stream()
    return replace(stream, recent=recent, rejected_while_tightened=rejected)


def after_lots(stream: Stream, *, lots: Iterable[LotResult]) -> Stream:
    """State after lots in the order of their inspection: the whole history gives the state again."""
    return reduce(lambda so_far, lot: after_lot(so_far, lot=lot), lots, stream)


def after_corrective_action(stream: Stream) -> Stream:
    """Restart a discontinued stream on tightened inspection; any other is left as it is."""
    return Stream(State.TIGHTENED) if stream.state is State.DISCONTINUED else stream


def after_irregular_production(stream: Stream) -> Stream:
    """Forget the switching score after a change of guideline or crew; severity is never relaxed by it."""
    return replace(stream, score=0)


def _score_after(score: int, *, lot: LotResult) -> int:
    """Switching score after a lot under normal inspection."""
    if lot.acceptance >= _STEP_RULE_FROM:
        return score + 3 if lot.is_accepted and lot.would_pass_tighter else 0
    return score + 2 if lot.is_accepted else 0
