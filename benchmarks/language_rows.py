"""Read the language-identification rows under ../shared/data with one origin for rows that were collected together."""

import json
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from isogloss.core.language import tags

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

# Folders of `corpora` that were cut from the same collection as a folder of `lid`: held out together.
ORIGINS = {
    "african-tweets-sentiment": "afrisenti",
    "arabic-tweets-dialect": "arsarcasm-dialect",
    "filipino-tweets-sentiment": "filipino-tweets",
    "indonesian-social": "emot-id",
    "japanese-toxicity-votes": "japanese-toxic",
    "korean-comments-toxicity": "korean-comments",
    "nusax-sentiment": "nusax",
    "singlish-sms": "nus-sms",
    "thai-social": "wisesight-th",
    "tweets-sentiment-8": "xlmt-tweets",
    "web-sentences-asia": "lingua-test",
}
COMMON = (
    "af", "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fil", "fr", "ga", "gu", "he",
    "hi", "hu", "hy", "is", "it", "ja", "ka", "ko", "la", "lt", "lv", "mk", "mn", "ms", "nb", "nl", "pa", "pl", "pt", "ro", "ru", "sk",
    "sl", "so", "sq", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi", "yo", "zh",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; `part` is `lid`, `corpora`, or `fragment` for words cut out of one."""

    part: str
    origin: str
    source: str
    text: str
    tag: str

    @property
    def language(self) -> str:
        """The label at the level of languages."""
        return tags.base(self.tag)


def read_rows(part: str) -> list[Row]:
    """All rows of `lid` or `corpora` except token-labelled ones."""
    rows = []
    for file in sorted((SHARED / part).glob("*/data.jsonl")):
        folder = file.parent.name
        if folder == "fame-cs":
            continue
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                found = json.loads(line)
                rows.append(Row(part, ORIGINS.get(folder, folder), found["source"], found["text"], found["lang"]))
    return rows


def development_rows(*, most: int = 100, seed: int = 1) -> list[Row]:
    """Every row of `lid`, and of `corpora` at most so many of an origin and label; no text twice under one language."""
    rng = random.Random(seed)
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for row in [*read_rows("lid"), *read_rows("corpora")]:
        key = (row.text, row.language)
        if key not in seen:
            seen.add(key)
            groups[row.part, row.origin, row.tag].append(row)
    chosen: list[Row] = []
    for (part, _, _), rows in groups.items():
        rng.shuffle(rows)
        chosen += rows if part == "lid" else rows[:most]
    return chosen


def fragments(rows: list[Row], *, cleaned: list[str], share: float = 0.6, seed: int = 1) -> list[Row]:
    """One to four words cut out of some rows, so that short texts are met in every language."""
    rng = random.Random(seed)
    cut: list[Row] = []
    for row, text in zip(rows, cleaned, strict=True):
        words = text.split()
        if len(words) >= 4 and rng.random() < share:
            length = rng.choice([1, 1, 2, 2, 3, 4])
            start = rng.randrange(len(words) - length + 1)
            cut.append(Row("fragment", row.origin, row.source, " ".join(words[start : start + length]).strip(".,;:!?"), row.tag))
    return cut
