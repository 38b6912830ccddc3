"""Hypothesis strategies for label schemas as people write them, contents, and answers that fit."""

import unicodedata
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

FIELDS = {
    "text": "Aduh, 這個 बहुत अच्छा है 👩‍👩‍👧 nge-share sekali lagi!",
    "source": "Good morning, everyone 👋🏽",
    "target": "Selamat pagi, semua 👋🏽",
}

_characters = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Z"), exclude_characters="|/\ufeff") | st.just(" ")
words = st.text(_characters, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
values = st.one_of(
    words,
    st.sampled_from(["no", "yes", "null", "~", "1", "1.0", "on", "0x1F", "1e3", "- a", "a: b", "#x", "*a", "&a", "!b", "{", "2026-11-22"]),
)


def _by_nfc(label: dict[str, Any]) -> str:
    return unicodedata.normalize("NFC", label["value"])


def labels(*, most: int = 6) -> st.SearchStrategy[list[dict[str, Any]]]:
    label = st.fixed_dictionaries({"value": values}, optional={"name": words, "hint": words, "colour": st.integers(1, 8)})
    return st.lists(label, min_size=1, max_size=most, unique_by=_by_nfc)


def trees() -> st.SearchStrategy[list[dict[str, Any]]]:
    twigs = labels(most=3)
    return st.builds(
        lambda roots, children: [{**root, "labels": child} for root, child in zip(roots, children, strict=False)],
        labels(most=3),
        st.lists(twigs, min_size=3, max_size=3),
    )


@st.composite
def _settings(draw: st.DrawFn, kind: str, spans: list[str]) -> dict[str, Any]:  # noqa: C901, PLR0911  one case per kind
    match kind:
        case "choice" | "tokens":
            return {"labels": draw(labels())}
        case "choices":
            offered = draw(labels())
            least = draw(st.integers(0, len(offered)))
            return {"labels": offered, "min": least, "max": draw(st.integers(max(1, least), len(offered)))}
        case "tree":
            return {"labels": draw(trees())}
        case "rating":
            least = draw(st.integers(0, 9))
            return {"min": least, "max": draw(st.integers(least + 1, 10))}
        case "slider":
            least, step = draw(st.integers(-50, 50)), draw(st.sampled_from([0.1, 0.25, 1, 5]))
            return {"min": least, "step": step, "max": least + step * draw(st.integers(1, 40))}
        case "text":
            return {
                "min_length": draw(st.integers(0, 3)),
                "max_length": draw(st.integers(40, 100)),
                "not_copy_of": draw(st.sampled_from(["", "text", "source"])),
            }
        case "language":
            tags = draw(st.lists(st.sampled_from(["no", "jv", "zh-Hant", "pt-BR", "ms", "sr-Latn-RS"]), unique=True))
            return {"tags": tags, "allow": draw(st.lists(st.sampled_from(["mixed", "none", "variety"]), unique=True))}
        case "spans":
            attributes = draw(
                st.lists(
                    st.fixed_dictionaries({"id": st.sampled_from(["x", "y"]), "labels": labels(most=3), "required": st.booleans()}),
                    max_size=2,
                    unique_by=lambda one: one["id"],
                )
            )
            return {"labels": draw(labels()), "overlap": draw(st.sampled_from(["none", "nest", "allow"])), "attributes": attributes}
        case "relations":
            return {"labels": draw(labels()), "spans": draw(st.sampled_from(spans))}
        case "errors":
            return {"categories": draw(labels()), "score": draw(st.booleans())}
        case "pairwise":
            return {
                "a": "source",
                "b": "target",
                "strengths": draw(st.integers(1, 4)),
                "tie": draw(st.booleans()),
                "reason": draw(st.sampled_from(["none", "optional", "required"])),
            }
        case _:
            return {"options": draw(st.lists(values.map(lambda value: {"value": value}), min_size=2, max_size=4, unique_by=_by_nfc))}


KINDS = (
    "choice",
    "choices",
    "tree",
    "rating",
    "slider",
    "text",
    "language",
    "spans",
    "relations",
    "tokens",
    "errors",
    "pairwise",
    "ranking",
)


@st.composite
def written_schemas(draw: st.DrawFn, *, kinds: tuple[str, ...] = KINDS) -> dict[str, Any]:
    """A schema as a person could write it: shorthands and left-out defaults included."""
    questions: list[dict[str, Any]] = []
    for index, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6))):
        spans = [question["id"] for question in questions if question["kind"] == "spans"]
        actual = "choice" if kind == "relations" and not spans else kind
        question = {"id": f"q{index}", "kind": actual, "required": draw(st.booleans()), **draw(_settings(actual, spans))}
        parents = [earlier for earlier in questions if earlier["kind"] in {"choice", "choices", "rating"}]
        if parents and draw(st.booleans()):
            parent = draw(st.sampled_from(parents))
            possible = (
                list(range(parent["min"], parent["max"] + 1))
                if parent["kind"] == "rating"
                else [label["value"] for label in parent["labels"]]
            )
            question["show_when"] = {
                "question": parent["id"],
                "is": draw(st.lists(st.sampled_from(possible), min_size=1, max_size=2, unique=True)),
            }
        questions.append(question)
    return {
        "displays": [{"kind": "text", "field": "text"}, {"kind": "parallel", "source": "source", "target": "target"}],
        "questions": questions,
    }


@st.composite
def _extents(draw: st.DrawFn, length: int, overlap: str) -> list[tuple[int, int]]:
    """Distinct extents within a text that keep to the overlap policy, by cutting it (none), bisecting it (nest) or at random (allow)."""
    if overlap == "allow":
        pair = st.tuples(st.integers(0, length), st.integers(0, length)).filter(lambda pair: pair[0] < pair[1])
        return sorted(draw(st.lists(pair, max_size=5, unique=True)))
    cuts = sorted(draw(st.lists(st.integers(0, length), unique=True, max_size=8)))
    flat = list(pairwise(cuts))
    if overlap == "none":
        return draw(st.lists(st.sampled_from(flat), unique=True).map(sorted)) if flat else []
    whole = [(cuts[0], cuts[-1])] if len(cuts) > 2 else []
    return sorted({*whole, *flat})


def _paths(labels: list[dict[str, Any]]) -> list[list[str]]:
    return [path for label in labels for path in ([label["value"]], *([label["value"], *rest] for rest in _paths(label["labels"])))]


@st.composite
def answer_to(draw: st.DrawFn, question: dict[str, Any], content: dict[str, str], answers: dict[str, Any]) -> Any:  # noqa: C901, PLR0911  one case per kind
    """An answer that fits the question (in normal form)."""
    offered = [label["value"] for label in question.get("labels", ())]
    match question["kind"]:
        case "choice":
            return draw(st.sampled_from(offered))
        case "choices":
            chosen = draw(st.lists(st.sampled_from(offered), min_size=question["min"], max_size=question["max"], unique=True))
            alone = [label["value"] for label in question["labels"] if label.get("exclusive") and label["value"] in chosen]
            return alone[:1] or [value for value in offered if value in chosen]
        case "tree":
            return draw(st.sampled_from(_paths(question["labels"])))
        case "rating":
            return draw(st.integers(question["min"], question["max"]))
        case "slider":
            steps = round((question["max"] - question["min"]) / question["step"])
            return min(question["min"] + draw(st.integers(0, steps)) * question["step"], question["max"])
        case "text":
            return "w" * question["min_length"] + draw(st.sampled_from(["words", "字 ไทย", "👩‍👩‍👧", "\n\tعربي"]))
        case "language":
            return draw(_language(question))
        case "spans" | "relations" | "tokens":
            return draw(_marks(question, content, answers))
        case "errors":
            return draw(_errors(question, content))
        case "pairwise":
            return draw(_preference(question))
        case _:
            order = draw(st.permutations([option["value"] for option in question["options"]]))
            cut = draw(st.integers(0, len(order) - 1))
            return [group for group in ([*order[:cut]], [*order[cut:]]) if group]


@st.composite
def _marks(draw: st.DrawFn, question: dict[str, Any], content: dict[str, str], answers: dict[str, Any]) -> list[dict[str, Any]]:
    offered = [label["value"] for label in question["labels"]]
    match question["kind"]:
        case "spans":
            extents = draw(_extents(len(content[question["field"]]), question["overlap"]))
            return [
                {
                    "id": f"s{index}",
                    "start": start,
                    "end": end,
                    "label": draw(st.sampled_from(offered)),
                    "attributes": draw(_attributes(question)),
                }
                for index, (start, end) in enumerate(extents)
            ]
        case "relations":
            names = [span["id"] for span in answers.get(question["spans"], ())]
            pairs = (
                draw(st.lists(st.permutations(names).map(lambda order: tuple(order[:2])), max_size=3, unique=True))
                if len(names) > 1
                else []
            )
            return [{"from": one, "to": other, "label": draw(st.sampled_from(offered))} for one, other in pairs]
        case _:
            return [
                {"start": start, "end": end, "label": draw(st.sampled_from(offered))}
                for start, end in draw(_extents(len(content[question["field"]]), "none"))
            ]


@st.composite
def _language(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, Any]:
    tags = ["id", "zh-Hans", *question["tags"], *(["ar-EG", "sl-rozaj-biske"] if "variety" in question["allow"] else [])]
    form = draw(st.sampled_from(["tag", *(word for word in question["allow"] if word != "variety")]))
    if form == "none":
        return {"none": True}
    return (
        {"tag": draw(st.sampled_from(tags))}
        if form == "tag"
        else {"mixed": draw(st.lists(st.sampled_from(tags), min_size=2, max_size=3, unique=True))}
    )


@st.composite
def _attributes(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, str]:
    given = [attribute for attribute in question["attributes"] if attribute["required"] or draw(st.booleans())]
    return {attribute["id"]: draw(st.sampled_from([label["value"] for label in attribute["labels"]])) for attribute in given}


@st.composite
def _errors(draw: st.DrawFn, question: dict[str, Any], content: dict[str, str]) -> dict[str, Any]:
    side = draw(st.sampled_from(["source", "target"]))
    categories, severities = ([label["value"] for label in question[part]] for part in ("categories", "severities"))
    marks = [
        {
            "side": side,
            "start": start,
            "end": end,
            "category": draw(st.sampled_from(categories)),
            "severity": draw(st.sampled_from(severities)),
        }
        for start, end in draw(_extents(len(content[question[side]]), "allow"))
    ]
    return {"errors": marks} | ({"score": draw(st.integers(0, 100))} if question["score"] else {})


@st.composite
def _preference(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, Any]:
    preferred = draw(st.sampled_from(["a", "b", *(["tie"] if question["tie"] else [])]))
    strength = {"strength": draw(st.integers(1, question["strengths"]))} if question["strengths"] > 1 and preferred != "tie" else {}
    has_reason = question["reason"] == "required" or (question["reason"] == "optional" and draw(st.booleans()))
    return {"preferred": preferred} | strength | ({"reason": "clearer"} if has_reason else {})


@st.composite
def fitting_answers(draw: st.DrawFn, document: dict[str, Any], content: dict[str, str]) -> dict[str, Any]:
    """Answers to every visible question; optional ones now and then left out."""
    answers: dict[str, Any] = {}
    for question in document["questions"]:
        condition = question["show_when"]
        if condition:
            held = answers.get(condition["question"], [])
            if not set(held if isinstance(held, list) else [held]) & set(condition["is"]):
                continue
        if question["required"] or draw(st.booleans()):
            answers[question["id"]] = draw(answer_to(question, content, answers))
    return answers
