"""Flags on items: raised by estimates and by answers, narrowed by, counted, and measured against what people decided."""

import json

import pytest

from isogloss.annotation.models import DecisionStatus
from isogloss.assist.models import FlagFigure, SegmentPass
from isogloss.assist.queries import flag_figures
from isogloss.core.language.identification import Identification
from isogloss.corpus.models import Flag, Item
from isogloss.corpus.ports import use_detector
from isogloss.corpus.rules import FlagKind, flags_of
from isogloss.corpus.services import ask_reestimate, set_flags
from isogloss.insights.jobs import renew_stale_flags
from isogloss.insights.services import refresh_flags
from isogloss.platform.jobs import Progress, run_waiting
from isogloss.platform.models import Job
from tests.assist.making import LANGUAGE, a_language_project
from tests.delivery.making import a_decision, a_recall, an_answer, an_item, gold
from tests.support.clients import Program, a_browser
from tests.support.making import NOW, a_file, a_lead, a_person, a_project, an_import

SURE = Identification("id", 0.99, "language", "ms", "id", 0.99, (("a", "id"), ("b", "id")))


@pytest.fixture
def told():
    """Let a test say what the detector answers."""
    from isogloss.assist.detectors import active_detector

    answers: dict[str, Identification] = {}
    use_detector(lambda texts, languages=None: [answers.get(text, SURE) for text in texts])
    yield answers
    use_detector(active_detector)


def a_progress() -> Progress:
    return Progress(Job.objects.create(public_id="f" * 32, kind="insights.flags", created_at=NOW).pk)


def refreshed(project) -> dict[tuple[str, str], FlagFigure]:
    Job.objects.filter(public_id="f" * 32).delete()
    refresh_flags(project.pk, progress=a_progress(), now=NOW)
    return {(row.kind, row.language): row for row in flag_figures(project.pk)}


def kinds_of(project) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {item.external_id: set() for item in Item.objects.filter(project=project)}
    for flag in Flag.objects.filter(project=project).select_related("item"):
        found[flag.item.external_id].add(flag.kind)
    return found


@pytest.mark.parametrize(
    ("found", "declared", "raised"),
    [
        (SURE, "", set()),
        (SURE, "id", set()),
        (SURE, "ms", {FlagKind.DECLARED}),
        (Identification("id", 0.49, "language", "ms"), "id", {FlagKind.UNSURE}),
        (Identification("id", 0.5, "language", "ms"), "id", set()),
        (Identification("id", 0.9, "language", "ms", votes=(("a", "id"), ("b", "ms"))), "", {FlagKind.DISPUTED}),
        (Identification("id", 0.9, "language", "ms", votes=(("a", "id"), ("words", "ms"))), "", set()),
        (Identification("en", 0.9, "language", None, "fr", 0.9), "en", {FlagKind.DECLARED}),
        (Identification("arz", 0.9, "language"), "ar", set()),
        (Identification("zxx", 0.98, "none"), "en", set()),
        (Identification("und", 0.7, "other"), "en", set()),
    ],
)
def test_what_an_estimate_raises(found, declared, raised):
    assert flags_of(found, declared=declared) == raised


def test_an_import_raises_the_flags_of_its_estimates(db, tmp_path, told):
    lead = a_lead()
    project = a_project(lead, languages=("id", "ms"))
    told["ragu"] = Identification("ms", 0.4, "language", "id", votes=(("a", "id"), ("b", "ms")))
    rows = [{"id": "sure", "text": "pasti", "lang": "id"}, {"id": "other", "text": "lain", "lang": "ms"}, {"id": "doubt", "text": "ragu"}]

    an_import(project, a_file(tmp_path, rows), lead=lead)

    assert kinds_of(project) == {"sure": set(), "other": {"declared"}, "doubt": {"unsure", "disputed"}}


def test_a_new_estimate_takes_back_a_flag_that_no_longer_holds(db, tmp_path, told):
    lead = a_lead()
    project = a_project(lead, languages=("id", "ms"))
    told["ragu"] = Identification("ms", 0.4, "language", "id")
    an_import(project, a_file(tmp_path, [{"id": "a", "text": "ragu"}]), lead=lead)
    before = kinds_of(project)
    told.clear()

    ask_reestimate(project, actor=lead, now=NOW)
    run_waiting()

    assert (before, kinds_of(project)) == ({"a": {"unsure"}}, {"a": set()})


def test_texts_in_two_languages_are_flagged_as_mixed(db, tmp_path):
    lead = a_lead()
    project = a_project(lead, languages=("id", "en"))
    rows = [
        {"id": "mixed", "text": "I really want to go home sekarang juga karena sudah malam dan capek sekali"},
        {"id": "plain", "text": "Saya mau pulang sekarang juga karena sudah malam dan capek sekali"},
        {"id": "empty", "text": "😂😂😂"},
    ]

    an_import(project, a_file(tmp_path, rows), lead=lead)

    assert {name for name, kinds in kinds_of(project).items() if "mixed" in kinds} == {"mixed"}
    assert SegmentPass.objects.get(project_id=project.pk).upto == Item.objects.order_by("-pk")[0].pk


def test_the_words_of_a_text_are_looked_at_once(db, tmp_path):
    lead = a_lead()
    project = a_project(lead, languages=("id", "en"))
    an_import(project, a_file(tmp_path, [{"id": "a", "text": "satu dua tiga"}]), lead=lead)

    an_import(project, a_file(tmp_path, [{"id": "b", "text": "empat lima enam"}]), lead=lead)

    assert [job.result["read"] for job in Job.objects.filter(kind="assist.segment").order_by("pk")] == [1, 1]


def test_an_annotator_against_a_sure_detector_is_flagged(db):
    project, person = a_language_project(), a_person()
    against, agreed, doubted = (an_item(project, confidence=sure) for sure in (0.99, 0.99, 0.9))
    Item.objects.filter(project=project).update(language="id")
    for item, tag in ((against, "ain"), (agreed, "id"), (doubted, "ain")):
        an_answer(item, person, {"which": {"tag": tag}})

    figures = refreshed(project)

    assert kinds_of(project) == {against.external_id: {"annotator"}, agreed.external_id: set(), doubted.external_id: set()}
    assert figures["annotator", ""].items == 1


def test_a_correction_or_a_recall_takes_the_flag_back(db):
    project, ana, ben = a_language_project(), a_person(), a_person()
    corrected, recalled = an_item(project, confidence=0.99), an_item(project, confidence=0.99)
    Item.objects.filter(project=project).update(language="id")
    an_answer(corrected, ana, {"which": {"tag": "ain"}})
    wrong = an_answer(recalled, ben, {"which": {"tag": "ain"}})
    refreshed(project)
    before = kinds_of(project)

    an_answer(corrected, ana, {"which": {"tag": "id"}}, revision=1)
    a_recall(wrong)
    an_answer(recalled, ana, {"which": {"tag": "id"}})
    refreshed(project)

    assert set.union(*before.values()) == {"annotator"}
    assert set.union(*kinds_of(project).values()) == set()


def test_answers_to_gold_flag_nothing(db):
    project, person = a_language_project(), a_person()
    item = an_item(project, confidence=0.99)
    Item.objects.filter(project=project).update(language="id")
    gold(item)
    an_answer(item, person, {"which": {"tag": "ain"}}, gold=True)

    refreshed(project)

    assert kinds_of(project) == {item.external_id: set()}


def flagged(project, kind: str, label: str | None, *, estimate: str = "id", declared: str = "", **decision: object) -> Item:
    item = an_item(project, declared_language=declared, language="id")
    Item.objects.filter(pk=item.pk).update(language=estimate)
    set_flags(project.pk, raised={item.pk: [FlagKind(kind)]}, kinds=[FlagKind(kind)])
    if label is not None:
        a_decision(item, label, question="which", **decision)
    return item


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("unsure", "id", "ain"),
        ("disputed", "id", "none"),
        ("declared", "ain", "id"),
        ("annotator", "ain", "id"),
        ("mixed", "id", "mixed:ain+id"),
    ],
)
def test_a_flags_precision_is_counted_on_what_people_decided(db, kind, wrong, right):
    project = a_language_project()
    declared = "ain" if kind == "declared" else ""
    for label in (right, right, right, wrong):
        flagged(project, kind, label, declared=declared)
    flagged(project, kind, None, declared=declared)

    figures = refreshed(project)

    total = figures[kind, ""]
    assert (total.items, total.decided, total.right, total.value) == (5, 4, 3, 0.75)
    assert (round(total.low, 3), round(total.high, 3)) == (
        0.301,
        0.954,
    )  # by hand: (0.75 + 0.4802 ± 1.96·√0.1069) / 1.9604
    assert figures[kind, "id"].right == 3


def test_one_persons_decision_measures_no_flag_and_an_adjudication_does(db):
    project = a_language_project()
    flagged(project, "unsure", "ain", votes={"ain": 1})
    alone = refreshed(project)["unsure", ""]
    flagged(project, "unsure", "ain", votes={"ain": 1}, status=DecisionStatus.ADJUDICATED)

    judged = refreshed(project)["unsure", ""]

    assert (alone.decided, alone.value, "adjudicated" in alone.reason) == (0, None, True)
    assert (judged.decided, judged.value) == (1, 1.0)


def test_without_a_language_question_precision_is_undefined_and_says_why(db):
    project = a_project(a_lead())
    item = an_item(project)
    set_flags(project.pk, raised={item.pk: [FlagKind.UNSURE]}, kinds=[FlagKind.UNSURE])

    figure = refreshed(project)["unsure", ""]

    assert (figure.items, figure.value, "no question about the language" in figure.reason) == (1, None, True)


CHOICE_OF_LANGUAGES = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: polite, kind: choice, prompt: Polite?, labels: [{value: "no", name: "No"}, {value: "yes", name: "Yes"}]}
  - {id: which, kind: choice, prompt: Which?, labels: [{value: id, name: I}, {value: jv, name: J}, {value: mixed, name: M}, {value: other, name: O}]}
"""


@pytest.mark.parametrize(
    ("kind", "label", "right"), [("unsure", "jv", 1), ("unsure", "id", 0), ("mixed", "mixed", 1), ("unsure", "other", 1)]
)
def test_a_choice_among_the_projects_languages_measures_flags_too(db, kind, label, right):
    project = a_project(a_lead(), languages=("id", "jv", "no"), schema=CHOICE_OF_LANGUAGES)
    flagged(project, kind, label)

    figure = refreshed(project)[kind, ""]

    assert (figure.decided, figure.right) == (1, right)


def test_a_question_without_mixed_says_nothing_of_mixed_texts(db):
    project = a_project(a_lead(), languages=("id", "ain"), schema=LANGUAGE.replace("mixed, ", ""))
    flagged(project, "mixed", "id")

    figure = refreshed(project)["mixed", ""]

    assert (figure.value, "does not let people answer" in figure.reason) == (None, True)


def test_figures_are_renewed_when_flags_or_answers_are_new_and_not_otherwise(db):
    project = a_language_project()
    renew_stale_flags(NOW)
    nothing_new = Job.objects.filter(kind="insights.flags").count()
    flagged(project, "unsure", None)

    renew_stale_flags(NOW)
    run_waiting()
    counted = flag_figures(project.pk)[0].items
    renew_stale_flags(NOW)

    assert (nothing_new, counted, Job.objects.filter(kind="insights.flags").count()) == (0, 1, 1)


def test_the_item_list_is_narrowed_to_a_flag_and_pages_through_it(db):
    project = a_language_project()
    wanted = [flagged(project, "mixed", None).external_id for _ in range(60)]
    flagged(project, "unsure", None)
    browser = a_browser(project.created_by)

    first = browser.get(f"/projects/{project.public_id}/items/?flag=mixed")
    second = browser.get(f"/projects/{project.public_id}/items/?flag=mixed&after={first.context['next_after']}")

    shown = [item.external_id for page in (first, second) for item, _, _ in page.context["rows"]]
    assert shown == wanted
    assert "mixed" in first.content.decode()


def test_the_api_narrows_items_to_a_flag_and_names_their_flags(db):
    project = a_language_project()
    wanted = flagged(project, "mixed", None)
    flagged(project, "unsure", None)
    program = Program(project.created_by)

    found = program.get(f"/projects/{project.public_id}/items?flag=mixed").json()["results"]
    refused = program.get(f"/projects/{project.public_id}/items?flag=odd")

    assert [(row["id"], row["flags"]) for row in found] == [(wanted.external_id, ["mixed"])]
    assert refused.status_code == 422


def test_the_languages_page_shows_precision_or_why_there_is_none(db):
    project = a_language_project()
    for label in ("ain", "id"):
        flagged(project, "unsure", label)
    refreshed(project)

    page = a_browser(project.created_by).get(f"/projects/{project.public_id}/languages").content.decode()
    told = Program(project.created_by).get(f"/projects/{project.public_id}/flags").json()["results"]

    assert ".50" in page
    assert "No item with this flag has been adjudicated" in page
    assert next(row for row in told if row["flag"] == "unsure" and row["language"] is None)["precision"] == 0.5
    assert json.dumps(told)
