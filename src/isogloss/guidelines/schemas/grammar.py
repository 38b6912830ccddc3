"""What may be written in a label schema: displays, questions and their keys, with defaults and limits."""

from isogloss.guidelines.schemas.languages import LONGEST_TAG
from isogloss.guidelines.schemas.shapes import ByKind, Entry, ListOf, MappingOf, Named, Number, OneOf, Shape, Text, Truth

MOST_LABELS = 2_000
MOST_QUESTIONS = 100
LONGEST_TEXT = 1_000_000
HUES = 8  # of Okabe and Ito, chosen to stay apart for colour-blind people

FIELD = Text(100, r"[^\s.\[\]]+", "the name of a content field (no spaces, dots or brackets)")
ID = Text(64, r"[A-Za-z][A-Za-z0-9_-]*", "an id: letters, digits, _ and -, beginning with a letter")
ID_OR_NONE = Text(64, ID.pattern, ID.explained, may_be_empty=True)
OPTIONAL_FIELD = Text(100, FIELD.pattern, FIELD.explained, may_be_empty=True)
# "|" joins several values in one flat label and "/" the levels of a tree.
VALUE = Text(200, r"[^|\n\t]+", "a label value (without | and line breaks)")
LEVEL = Text(200, r"[^|/\n\t]+", "a label value of a tree (without | and /)")
NAME = Text(200)
PROSE = Text(2_000, may_be_empty=True)
KEY = Text(1, may_be_empty=True)
ANCHOR = Text(100, r"#[^\s#]+", "an anchor like #mixed", may_be_empty=True)
TAG = Text(LONGEST_TAG, r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", "a language tag like zh-Hant")
TAG_OR_NONE = Text(LONGEST_TAG, TAG.pattern, TAG.explained, may_be_empty=True)
COLOUR = Number(1, HUES)
YES = Entry(Truth(), True)

SHAPES: dict[str, Shape] = {}


def _label(value: Text, **more: Entry) -> MappingOf:
    entries = {
        "value": Entry(value, required=True, told="what is stored; never change it once answers exist"),
        "name": Entry(NAME, told="what is shown (default: the value)"),
        "key": Entry(KEY, told="hotkey (default: the next free of 1-9, 0, q w e r t …); empty for none"),
        "colour": Entry(COLOUR, told="one of eight hues that stay apart for colour-blind people"),
        "hint": Entry(PROSE, ""),
    }
    return MappingOf(entries | more, shorthand="value")


SHAPES["label"] = _label(VALUE)
SHAPES["box"] = _label(VALUE, exclusive=Entry(Truth(), False, told='stands alone, as "none of these" does: never chosen with another'))
SHAPES["branch"] = _label(LEVEL, labels=Entry(ListOf(Named("branch", SHAPES), most=MOST_LABELS), []))
SHAPES["severity"] = _label(VALUE, weight=Entry(Number(0, 1_000, whole=False), 1))
SHAPES["option"] = MappingOf({"value": Entry(VALUE, required=True), "name": Entry(NAME), "key": Entry(KEY)}, shorthand="value")
SHAPES["attribute"] = MappingOf(
    {
        "id": Entry(ID, required=True),
        "name": Entry(NAME),
        "required": YES,
        "labels": Entry(ListOf(Named("label", SHAPES), least=1), required=True),
    }
)

_LABELS = Entry(ListOf(Named("label", SHAPES), least=1, most=MOST_LABELS), required=True)
_TREE = Entry(ListOf(Named("branch", SHAPES), least=1, most=MOST_LABELS), required=True)
_OPTIONS = Entry(ListOf(Named("option", SHAPES)), [], told="names and keys of what may be chosen; the values follow from the rest")

DISPLAY_KINDS = ("text", "parallel", "conversation", "facts", "markdown", "image", "audio", "video")
TEXT_DISPLAYS = frozenset({"text", "parallel"})
_SIDE = MappingOf(
    {"field": Entry(FIELD, required=True), "language": Entry(TAG_OR_NONE, "", told="when it is not the language of the item")},
    shorthand="field",
)


def _display(kind: str) -> MappingOf:
    common = {"kind": Entry(OneOf((kind,)), required=True)}
    name = {"name": Entry(Text(200, may_be_empty=True), "", told="heading")}
    if kind == "parallel":
        return MappingOf(common | {"source": Entry(_SIDE, required=True), "target": Entry(_SIDE, required=True)} | name)
    return MappingOf(common | {"field": Entry(FIELD, required=True)} | name)


def _question(kind: str, told: str, **more: Entry) -> MappingOf:
    common = {
        "id": Entry(ID, required=True),
        "kind": Entry(OneOf((kind,)), required=True),
        "prompt": Entry(Text(2_000), told="what is asked (default: the id)"),
        "hint": Entry(PROSE, ""),
        "required": YES,
        "guideline": Entry(ANCHOR, "", told="where the guideline explains this question"),
        "show_when": Entry(
            MappingOf({"question": Entry(ID, required=True), "is": Entry(ListOf(VALUE, least=1, single=True), required=True)}),
            told="the question is hidden, and holds no answer, unless an earlier one has one of these values",
        ),
    }
    return MappingOf(common | more, told=told)


QUESTIONS: dict[str, MappingOf] = {
    "choice": _question("choice", "one label", labels=_LABELS, scale=Entry(OneOf(("nominal", "ordinal")), "nominal")),
    "choices": _question(
        "choices",
        "several labels",
        labels=Entry(ListOf(Named("box", SHAPES), least=1, most=MOST_LABELS), required=True),
        min=Entry(Number(0, MOST_LABELS), 1, told="0 lets an empty list be an answer"),
        max=Entry(Number(1, MOST_LABELS), told="default: as many as there are labels"),
    ),
    "tree": _question("tree", "one place in a taxonomy, searched by typing", labels=_TREE),
    "rating": _question(
        "rating",
        "a step on a scale",
        min=Entry(Number(0, 10), 1),
        max=Entry(Number(1, 10), 5),
        names=Entry(ListOf(NAME, most=11), []),
        options=_OPTIONS,
    ),
    "slider": _question(
        "slider",
        "a number on a continuous scale",
        min=Entry(Number(-1e9, 1e9, whole=False), 0),
        max=Entry(Number(-1e9, 1e9, whole=False), 100),
        step=Entry(Number(1e-6, 1e9, whole=False), 1),
    ),
    "text": _question(
        "text",
        "a text that the person writes",
        min_length=Entry(Number(0, LONGEST_TEXT), 1),
        max_length=Entry(Number(1, LONGEST_TEXT), 10_000),
        language=Entry(TAG_OR_NONE, "", told="language that is expected, when it is not the item's"),
        not_copy_of=Entry(OPTIONAL_FIELD, "", told="content field that must not simply be repeated"),
        prefill=Entry(OPTIONAL_FIELD, "", told="content field that the person starts from"),
        multiline=YES,
    ),
    "language": _question(
        "language",
        "which language the text is in",
        tags=Entry(ListOf(TAG, most=500), [], told="suggested first"),
        allow=Entry(ListOf(OneOf(("mixed", "none", "variety")), most=3), []),
        options=_OPTIONS,
    ),
    "spans": _question(
        "spans",
        "stretches of a text",
        field=Entry(FIELD, told="default: the first text displayed"),
        labels=_LABELS,
        overlap=Entry(OneOf(("none", "nest", "allow")), "none"),
        snap=Entry(OneOf(("grapheme", "token")), "grapheme"),
        attributes=Entry(ListOf(Named("attribute", SHAPES), most=20), []),
    ),
    "relations": _question(
        "relations",
        "links between the spans of an earlier question",
        spans=Entry(ID, required=True, told="id of a spans question"),
        labels=_LABELS,
    ),
    "tokens": _question("tokens", "a label for each word", field=Entry(FIELD, told="default: the first text displayed"), labels=_LABELS),
    "errors": _question(
        "errors",
        "translation errors on source and target (MQM)",
        source=Entry(FIELD, told="default: the source of the parallel display"),
        target=Entry(FIELD, told="default: the target of the parallel display"),
        categories=_LABELS,
        severities=Entry(ListOf(Named("severity", SHAPES), least=1, most=20)),
        score=YES,
    ),
    "pairwise": _question(
        "pairwise",
        "which of two is better",
        a=Entry(FIELD, required=True),
        b=Entry(FIELD, required=True),
        strengths=Entry(Number(1, 10), 1, told="1: only which one; more: how much better"),
        reason=Entry(OneOf(("none", "optional", "required")), "none"),
        tie=YES,
        options=_OPTIONS,
    ),
    "ranking": _question(
        "ranking",
        "best to worst, ties allowed",
        options=_OPTIONS,
        fields=Entry(ListOf(FIELD, most=50), [], told="rank these content fields instead"),
    ),
}

# The weights of the public WMT evaluations for minor and major; critical errors weigh what MQM's own scoring model gives them.
SEVERITIES = (("neutral", 0), ("minor", 1), ("major", 5), ("critical", 25))

SCHEMA = MappingOf(
    {
        "schema": Entry(Number(1, 1), 1, told="version of this format"),
        "displays": Entry(
            ListOf(ByKind({kind: _display(kind) for kind in DISPLAY_KINDS}), least=1, most=50),
            [{"kind": "text", "field": "text", "name": ""}],
            told="what is shown, in order",
        ),
        "questions": Entry(ListOf(ByKind(QUESTIONS), least=1, most=MOST_QUESTIONS), required=True, told="what is asked, in order"),
    },
    told="An Isogloss label schema: what is shown and what is asked.",
)
