"""A hotkey for everything that can be chosen, without a clash among questions seen together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isogloss.guidelines.schemas.conditions import visible_together
from isogloss.guidelines.schemas.problems import Report
from isogloss.guidelines.schemas.shapes import JsonObject

COMMANDS = {
    "s": "skip",
    "z": "undo",
    "y": "redo",
    "a": "ask",
    "b": "back",
    "v": "veil",
    "p": "panic",
    "?": "show the keys",
    "/": "search",
    "g": "guideline",
}
POOL = [key for key in "1234567890qwertyuiopasdfghjklzxcvbnm" if key not in COMMANDS]


@dataclass(slots=True)
class _Slot:
    """A label or option that wants a key."""

    holder: JsonObject
    path: str
    wish: str = ""


def assign_keys(questions: Sequence[JsonObject], *, report: Report) -> None:
    """Check the keys that were written, then give the free ones to the rest in schema order.

    The places of a tree are found by typing: they have no key unless one is written.
    """
    together = visible_together(questions)
    slots = [list(_slots(question, path=f"questions[{index}]")) for index, question in enumerate(questions)]
    used: list[dict[str, str]] = []
    for index, own in enumerate(slots):
        rivals = [used[other] for other in range(index) if together[index][other]]
        used.append(_check_written(own, rivals=rivals, report=report))
    for index, own in enumerate(slots):
        _give(own, used=used[index], rivals=[used[other] for other in range(len(slots)) if together[index][other]])


def _slots(question: JsonObject, *, path: str) -> Iterator[_Slot]:
    if question["kind"] == "tree":
        yield from _tree_slots(question["labels"], path=f"{path}.labels")
        return
    for part in ("labels", "categories", "severities"):
        for index, label in enumerate(question.get(part) or ()):
            yield _Slot(label, f"{path}.{part}[{index}]")
    for index, option in enumerate(question.get("options") or ()):
        yield _Slot(option, f"{path}.options[{index}]", wish=str(option["value"]) if question["kind"] == "rating" else "")
    for index, attribute in enumerate(question.get("attributes") or ()):
        for place, label in enumerate(attribute["labels"]):
            yield _Slot(label, f"{path}.attributes[{index}].labels[{place}]")


def _tree_slots(labels: Sequence[JsonObject], *, path: str) -> Iterator[_Slot]:
    for index, label in enumerate(labels):
        label["key"] = label["key"] or ""
        yield _Slot(label, f"{path}[{index}]")
        yield from _tree_slots(label["labels"], path=f"{path}[{index}].labels")


def _check_written(slots: Sequence[_Slot], *, rivals: Sequence[dict[str, str]], report: Report) -> dict[str, str]:
    mine: dict[str, str] = {}
    for slot in slots:
        key, path = slot.holder["key"], f"{slot.path}.key"
        if not key:
            continue
        owner = next((keys[key] for keys in (mine, *rivals) if key in keys), None)
        if key != key.lower():
            report.complain(path, message=f'write the key as "{key.lower()}": capitals would depend on the shift lock')
        elif key in COMMANDS:
            report.complain(path, message=f'"{key}" is the key of a command ({COMMANDS[key]})')
        elif owner:
            report.complain(path, message=f'"{key}" is the key of {owner} already, which is seen at the same time')
        mine.setdefault(key, slot.path)
    return mine


def _give(slots: Sequence[_Slot], *, used: dict[str, str], rivals: Sequence[dict[str, str]]) -> None:
    taken = set(used).union(*rivals)
    waiting = [slot for slot in slots if slot.holder["key"] is None]
    wishes = {slot.wish for slot in waiting} & set(POOL)
    if wishes.isdisjoint(taken):  # the digits of a rating: all of them, or else keys in a row
        taken |= wishes
        for slot in waiting:
            slot.holder["key"] = slot.wish if slot.wish in wishes else None
    free = (key for key in POOL if key not in taken)
    for slot in waiting:
        slot.holder["key"] = slot.holder["key"] or next(free, "")
    used |= {slot.holder["key"]: slot.path for slot in waiting if slot.holder["key"]}
