"""Which questions and labels of an earlier version go by another name now; answers are read under the new name, never rewritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

_Parts = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Renames:
    """Old question → new question, and (old question, part, old value) → new value; in a tree a value is a path joined by "/".

    Two values may get the same new one: that merges them. `earlier` is what was renamed before this.
    """

    questions: Mapping[str, str] = field(default_factory=dict)
    labels: _Parts = field(default_factory=dict)
    earlier: "Renames | None" = None

    def __bool__(self) -> bool:
        """Tell whether anything goes by another name."""
        return bool(self.questions or self.labels or self.earlier)

    def then(self, later: "Renames") -> "Renames":
        """Return both steps, one after the other."""
        if not self or not later:
            return later or self
        return replace(later, earlier=self)

    def question(self, name: str) -> str:
        """Return what a question is called now."""
        before = self.earlier.question(name) if self.earlier else name
        return self.questions.get(before, before)

    def label(self, question: str, *, part: str, value: str, is_path: bool = False) -> str:
        """Return what a label is called now; a place of a tree follows the nearest place above it that moved."""
        if self.earlier:
            value = self.earlier.label(question, part=part, value=value, is_path=is_path)
            question = self.earlier.question(question)
        return self._own(question, part=part, value=value, is_path=is_path)

    def _own(self, question: str, *, part: str, value: str, is_path: bool) -> str:
        if (question, part, value) in self.labels:
            return self.labels[question, part, value]
        above, _, last = value.rpartition("/")
        return f"{self._own(question, part=part, value=above, is_path=True)}/{last}" if is_path and above else value

    def applied(self, answers: Mapping[str, Any], *, kinds: Mapping[str, str]) -> dict[str, Any]:
        """Return answers of the earlier version, whose questions are of these kinds, under the names of the new one."""
        return {self.question(name): self._renamed(name, kind=kinds.get(name, ""), value=value) for name, value in answers.items()}

    def to_document(self) -> dict[str, Any]:
        """Return what is stored with the version."""
        if not self:
            return {}
        labels = [{"question": question, "part": part, "from": old, "to": new} for (question, part, old), new in self.labels.items()]
        return {"questions": dict(self.questions), "labels": labels}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Renames":
        """Take what was stored or sent."""
        rows: Iterable[Mapping[str, str]] = document.get("labels", ())
        return cls(dict(document.get("questions", {})), {(r["question"], r.get("part", "labels"), r["from"]): r["to"] for r in rows})

    def _renamed(self, question: str, *, kind: str, value: Any) -> Any:  # noqa: PLR0911  one line a kind
        match kind:
            case "choice":
                return self.label(question, part="labels", value=value)
            case "choices":
                return list(dict.fromkeys(self.label(question, part="labels", value=one) for one in value))
            case "tree":
                return self.label(question, part="labels", value="/".join(value), is_path=True).split("/")
            case "spans" | "tokens" | "relations":
                return [self._mark(question, mark=one) for one in value]
            case "errors":
                return value | {"errors": [self._mark(question, mark=one) for one in value["errors"]]}
            case "ranking":
                return self._ranking(question, value=value)
            case _:
                return value

    def _ranking(self, question: str, *, value: list[list[str]]) -> list[list[str]]:
        """Return the order under the new names; of options that were merged the better place stands."""
        seen: set[str] = set()
        kept: list[list[str]] = []
        for place in value:
            names = dict.fromkeys(self.label(question, part="options", value=one) for one in place)
            fresh = [name for name in names if name not in seen]
            seen.update(fresh)
            kept += [fresh] if fresh else []
        return kept

    def _mark(self, question: str, *, mark: Mapping[str, Any]) -> dict[str, Any]:
        moved = dict(mark)
        for field_name, part in (("label", "labels"), ("category", "categories"), ("severity", "severities")):
            if field_name in moved:
                moved[field_name] = self.label(question, part=part, value=moved[field_name])
        if moved.get("attributes"):
            given = moved["attributes"].items()
            moved["attributes"] = {name: self.label(question, part=f"attributes.{name}", value=one) for name, one in given}
        return moved


def values_in(kind: str, value: Any) -> Iterable[tuple[str, str]]:  # noqa: PLR0911  one line a kind
    """Yield each part and label that an answer uses, once each; what has no labels uses none."""
    match kind:
        case "choice":
            return {("labels", value)}
        case "choices":
            return {("labels", one) for one in value}
        case "tree":
            return {("labels", path) for path in accumulate(value, "{}/{}".format)}
        case "spans" | "tokens" | "relations":
            marks = {("labels", mark["label"]) for mark in value}
            return marks | {(f"attributes.{name}", one) for mark in value for name, one in mark.get("attributes", {}).items()}
        case "errors":
            errors = value["errors"]
            return {("categories", one["category"]) for one in errors} | {("severities", one["severity"]) for one in errors}
        case "ranking":
            return {("options", one) for place in value for one in place}
        case "rating":
            return {("options", str(value))}
        case _:
            return ()
