"""The page of `isogloss profile`: one HTML file with pictures, that loads nothing."""

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from isogloss.core.language.profiles import Lengths, Profile, Share

__all__ = ["profile_page"]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --line: #d9d9e0; --bar: #3e63dd; --soft: #8b8d98; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --paper: #111113; --line: #363a3f; --bar: #849dff; --soft: #9ba1a6; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .2rem .6rem; text-align: left; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } caption { text-align: left; font-weight: 600; padding: 1rem 0 .3rem; }
svg { display: block; } .bar { fill: var(--bar); } .whisker { stroke: var(--ink); stroke-width: 1.5; } .soft { color: var(--soft); }
"""
_WIDTH = 240
_MOST = 40


def profile_page(found: "Profile", *, name: str) -> str:
    """The whole page."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Profile of {escape(name)}</title><style>{_STYLE}</style>",
        f"<h1>Profile of <bdi>{escape(name)}</bdi></h1><p>{found.rows:,} texts, {found.problems:,} rows that could not be read.</p>",
        _shares("Languages", "language", found.languages),
        _shares("Scripts", "script", found.scripts),
        _lengths("Length in characters, by language", "language", found.lengths_by_language),
        _lengths("Length in characters, by script", "script", found.lengths_by_script),
        _shares("What else is in the texts", "texts with", _others(found)),
        _mixed(found),
        _shares("Personal data", "kind", found.personal),
        "<p class=soft>Whiskers are Wilson intervals (95 %) for the source the texts were drawn from. Lengths are kept to 3 %.</p>",
    ]
    return "\n".join(parts) + "\n"


def _mixed(found: "Profile") -> str:
    pairs = escape(", ".join(f"{pair} {number}" for pair, number in found.mixed_pairs.items()))
    looked = f"Mixed text was looked for in {found.mixed.total:,} texts drawn at random"
    return f"<p class=soft>{looked}: a second language has more than a fifth of the words. {pairs}</p>"


def _others(found: "Profile") -> "dict[str, Share]":
    return {
        "a text that is there already": found.exact_duplicates,
        "nearly a text that is there already": found.near_duplicates,
        "two languages": found.mixed,
        "emoji": found.emoji,
        "an address": found.addresses,
        "an unsure language (confidence below .5)": found.low_confidence,
        "detectors that disagree": found.disputed,
        "another language than declared": found.undeclared,
    }


def _shares(title: str, what: str, shares: "Mapping[str, Share]") -> str:
    rows = [
        f"<tr><td><bdi>{escape(name)}</bdi><td class=n>{share.count:,}<td class=n>{_percent(share.share)}<td>{_bar(share)}"
        for name, share in list(shares.items())[:_MOST]
    ]
    more = f"<tr><td class=soft colspan=4>and {len(shares) - _MOST} more" if len(shares) > _MOST else ""
    head = f"<tr><th>{escape(what)}<th class=n>texts<th class=n>share<th>"
    return f"<table><caption>{escape(title)}</caption>{head}{''.join(rows)}{more}</table>"


def _bar(share: "Share") -> str:
    """A bar with its interval."""
    if share.share is None or share.interval is None:
        return ""
    low, high = (place * _WIDTH for place in share.interval)
    return (
        f"<svg width={_WIDTH} height=14 role=img aria-label='{_percent(share.share)}'>"
        f"<rect class=bar x=0 y=2 width={share.share * _WIDTH:.1f} height=10 />"
        f"<line class=whisker x1={low:.1f} x2={high:.1f} y1=7 y2=7 /></svg>"
    )


def _lengths(title: str, what: str, lengths: "Mapping[str, Lengths]") -> str:
    """Quantiles, with a picture from the tenth to the ninetieth per cent on one scale."""
    top = max((entry.quantile(0.9) or 1 for entry in lengths.values()), default=1)
    rows = []
    for name, entry in list(lengths.items())[:_MOST]:
        low, middle, high = (entry.quantile(part) or 0 for part in (0.1, 0.5, 0.9))
        scale = _WIDTH / max(top, 1)
        picture = (
            f"<svg width={_WIDTH} height=14 role=img aria-label='median {middle}'>"
            f"<line class=whisker x1={low * scale:.1f} x2={high * scale:.1f} y1=7 y2=7 />"
            f"<rect class=bar x={max(0.0, middle * scale - 2):.1f} y=2 width=4 height=10 /></svg>"
        )
        numbers = "".join(f"<td class=n>{number:,}" for number in (low, middle, high, entry.longest))
        rows.append(f"<tr><td><bdi>{escape(name)}</bdi>{numbers}<td>{picture}")
    head = "<th class=n>10 %<th class=n>median<th class=n>90 %<th class=n>longest<th>"
    return f"<table><caption>{escape(title)}</caption><tr><th>{escape(what)}{head}{''.join(rows)}</table>"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
