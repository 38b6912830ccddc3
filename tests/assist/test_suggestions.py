"""Suggestions in the workbench: precomputed, shown where a lead wants them, and never where they could tell gold from live work."""

import json

import pytest

from isogloss.annotation.models import Annotation
from isogloss.assist.models import SegmentPass, Suggestion
from isogloss.assist.services import set_suggestions
from isogloss.assist.services.suggestions import Suggester, label_of_word
from isogloss.core.language.segments import label_tokens
from isogloss.corpus.models import Item
from isogloss.dispatch.models import DispatchPerson, Lease
from isogloss.dispatch.services import add_gold, sync_project
from isogloss.guidelines.schemas import parse_schema
from isogloss.guidelines.templates_yaml import available_templates
from isogloss.platform.jobs import run_waiting
from isogloss.platform.models import AuditEvent
from isogloss.projects.models import Workflow
from tests.dispatch.making import Desk, a_desk, some_items
from tests.dispatch.test_hot import Page
from tests.support.clients import Program, a_browser
from tests.support.making import NOW

pytestmark = pytest.mark.django_db

ASKS = """
schema: 1
displays: [{kind: text, field: text}]
questions:
  - {id: which, kind: language, prompt: Which?, tags: [id, en], allow: [mixed, none]}
  - {id: words, kind: tokens, field: text, prompt: Words, required: false, labels: [{value: id, name: Indonesian}, {value: en, name: English}]}
"""
MIXED = "I really want to go home sekarang juga karena sudah malam dan capek sekali"


def a_language_desk(*texts: str, gold: bool = False, estimate: str = "id", confidence: float = 0.97) -> Desk:
    desk = a_desk(schema=ASKS, languages=("id", "en"), target=3)
    for item, text in zip(some_items(desk.project, len(texts), language="id"), texts, strict=True):
        Item.objects.filter(pk=item.pk).update(content=json.dumps({"text": text}), language=estimate, confidence=confidence)
    if gold:
        Workflow.objects.filter(project=desk.project).update(gold_enabled=True)
        sync_project(desk.project.pk, now=desk.now)
    return desk


def shown(desk: Desk, *, suggests: bool = True) -> Desk:
    set_suggestions(desk.project, suggests=suggests, actor=desk.lead, now=NOW)
    run_waiting()
    return desk


def told(page: Page, want: int = 5) -> list[dict[str, object]]:
    return [lease["suggestions"] for lease in page.post("/dispatch/next", {"want": want})["leases"]]


def test_without_a_leads_word_nothing_is_suggested():
    desk = a_language_desk("Saya mau pulang sekarang juga")
    run_waiting()

    assert told(Page(desk, desk.annotator())) == [{}]
    assert not Suggestion.objects.exists()


def test_the_detectors_language_is_suggested_with_its_confidence_and_its_model():
    desk = shown(a_language_desk("Saya mau pulang sekarang juga karena sudah malam"))

    (said,) = told(Page(desk, desk.annotator()))

    assert said["which"] == {"value": {"tag": "id"}, "confidence": 0.97, "model": "isogloss"}


def test_words_are_suggested_by_their_places_in_the_text():
    desk = shown(a_language_desk(MIXED))

    (said,) = told(Page(desk, desk.annotator()))

    painted = {MIXED[word["start"] : word["end"]]: word["label"] for word in said["words"]["value"]}
    assert (painted["really"], painted["sekarang"]) == ("en", "id")
    assert said["which"]["value"] == {"mixed": ["en", "id"]}


def test_an_unsure_detector_suggests_no_language():
    desk = shown(a_language_desk("Saya mau pulang sekarang juga karena sudah malam", confidence=0.4))

    (said,) = told(Page(desk, desk.annotator()))

    assert "which" not in said


def test_a_text_without_words_has_no_suggestion():
    desk = shown(a_language_desk("😂😂😂", estimate="zxx", confidence=0.98))

    assert told(Page(desk, desk.annotator())) == [{}]


def test_a_suggestion_is_an_answer_that_the_schema_takes():
    desk = shown(a_language_desk(MIXED))
    page = Page(desk, desk.annotator())
    (lease,) = page.post("/dispatch/next", {"want": 1})["leases"]

    answer = page.submit(lease["lease"], {name: said["value"] for name, said in lease["suggestions"].items()}, suggestion_visible=True)

    assert (answer["state"], Annotation.objects.get().suggestion_visible) == ("counted", True)


def test_where_gold_is_served_nothing_is_suggested_for_anything():
    desk = a_language_desk(*[f"Saya mau pulang sekarang juga karena sudah malam, kata nomor {n}" for n in range(20)], gold=True)
    add_gold(list(Item.objects.filter(project=desk.project).order_by("pk").values_list("pk", flat=True))[::2], now=desk.now)
    shown(desk)
    person = desk.annotator()
    page = Page(desk, person)
    DispatchPerson.objects.filter(pk=person.pk).update(gold_share=6000)

    said = told(page, want=10)

    assert Suggestion.objects.filter(project_id=desk.project.pk).exists()
    assert said == [{}] * len(said)
    assert len(said) > 5


def test_a_gold_item_still_held_when_gold_is_turned_off_is_not_given_away():
    desk = a_language_desk(*[f"Saya mau pulang sekarang juga karena sudah malam, kata nomor {n}" for n in range(6)])
    shown(desk)
    person = desk.annotator()
    page = Page(desk, person)
    before = told(page, want=3)
    Lease.objects.filter(pk=Lease.objects.order_by("serve")[0].pk).update(gold=True)  # held from the time when gold was on

    after = told(page, want=3)

    assert all("which" in said for said in before)
    assert after == [{}, {}, {}]


def test_hiding_suggestions_hides_them_at_once_and_keeps_what_was_made():
    desk = shown(a_language_desk("Saya mau pulang sekarang juga karena sudah malam"))
    page = Page(desk, desk.annotator())
    before = told(page)

    set_suggestions(desk.project, suggests=False, actor=desk.lead, now=NOW)
    desk.later(seconds=6)

    assert (bool(before[0]), told(page)) == (True, [{}])
    assert Suggestion.objects.filter(superseded_at__isnull=True).count() == 1
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"suggestions.shown", "suggestions.hidden"}


def test_what_was_suggested_before_stays_on_record():
    desk = shown(a_language_desk("Saya mau pulang sekarang juga karena sudah malam"))
    Item.objects.filter(project=desk.project).update(confidence=0.66)

    set_suggestions(desk.project, suggests=False, actor=desk.lead, now=NOW)
    shown(desk)

    rows = [(json.loads(row.value)["which"]["confidence"], row.superseded_at is None) for row in Suggestion.objects.order_by("pk")]
    assert rows == [(0.97, False), (0.66, True)]


def test_a_suggestion_for_an_earlier_version_of_a_text_is_not_shown_with_the_next():
    desk = shown(a_language_desk("Saya mau pulang sekarang juga karena sudah malam"))
    Item.objects.filter(project=desk.project).update(version=2)

    assert told(Page(desk, desk.annotator())) == [{}]


def test_a_project_that_asks_nothing_about_language_gets_none():
    desk = a_desk(n=2)

    shown(desk)

    assert not Suggestion.objects.exists()
    assert SegmentPass.objects.get(project_id=desk.project.pk).suggests


def test_the_page_and_the_api_turn_suggestions_on():
    desk = a_language_desk("Saya mau pulang sekarang juga karena sudah malam")
    browser, path = a_browser(desk.lead), f"/projects/{desk.project.public_id}"

    browser.post(f"{path}/suggestions", {"show": "yes"})
    run_waiting()
    page = browser.get(f"{path}/languages").content.decode()
    answer = Program(desk.lead).post(f"{path}/suggestions", {"show": False}).json()

    assert "Shown; 1 items have one." in page
    assert answer == {"show": False, "gold": False, "items": 0}


def test_the_templates_labels_are_painted_where_the_project_says_which_language_is_which():
    source = next(template for template in available_templates() if template.slug == "code-switching").schema_yaml
    made = Suggester.of(parse_schema(source), languages=["id", "en"], project_languages=("en", "id"), model=None, name="")
    labels = [label["value"] for label in made.questions[0].settings["labels"]]

    named = made._named(labels)
    said = {
        word.token.text: label_of_word(word, labels=labels, named=named)
        for word in label_tokens("besok kita meeting dengan Budi di https://example.org yes", languages=["id", "en"])
    }

    assert (named["id"], named["en"]) == ("lang1", "lang2")
    assert (said["besok"], said["Budi"], said["https://example.org"]) == ("lang1", "name", "other")


def test_with_more_languages_nobody_knows_which_is_the_main_one():
    source = next(template for template in available_templates() if template.slug == "code-switching").schema_yaml
    made = Suggester.of(parse_schema(source), languages=None, project_languages=("en", "id", "jv"), model=None, name="")

    assert made._named(["lang1", "lang2", "name"]) == {}
