"""The project page: progress, agreement, who did how much; each figure with its language and its interval."""

from itertools import pairwise

import pytest

from isogloss.accounts.rules import Role
from isogloss.insights.charts import LEFT, RIGHT, WIDTH, dot_plot
from isogloss.insights.queries import project_page
from isogloss.insights.services import renew_figures
from isogloss.platform.models import AuditEvent, Job
from isogloss.projects.services import add_member
from isogloss.quality.models import Figure
from isogloss.quality.queries import latest_watermark
from isogloss.web.templatetags.isogloss import clock
from tests.delivery.making import a_worked_project
from tests.support.clients import a_browser
from tests.support.making import NOW, a_lead, a_person, a_project


def a_figure(project, *, name: str = "alpha", language: str = "", **fields: object) -> Figure:
    values = {"value": 0.62, "low": 0.5, "high": 0.74, "n_items": 40, "n_annotations": 120, "question": "sentiment"}
    return Figure.objects.create(
        project_id=project.pk,
        name=name,
        language=language,
        method="krippendorff",
        watermark=latest_watermark(project.pk),
        made_at=NOW,
        **{**values, **fields},
    )


def test_an_empty_project_says_what_to_do_next(db):
    lead = a_lead()
    project = a_project(lead)

    page = a_browser(lead).get(f"/projects/{project.public_id}/").content.decode()

    assert "Import texts" in page
    assert "There is nothing to annotate yet" in page


def test_agreement_is_shown_by_language_with_its_interval(db):
    project = a_worked_project()
    a_figure(project, language="id")

    page = a_browser(project.created_by).get(f"/projects/{project.public_id}/")

    (question, _, rows) = page.context["page"].questions[0]
    assert (question, [(row.tag, row.alpha.value) for row in rows]) == ("sentiment", [("", 0.81), ("id", 0.62)])


@pytest.mark.parametrize("role", [Role.REQUESTER, Role.REVIEWER])
def test_a_requester_sees_no_names(db, role):
    project, person, worker = a_worked_project(), a_person(), a_person("the-worker")
    add_member(project, user=person, role=role, actor=project.created_by, now=NOW)
    for name in ("answered", "active_minutes"):
        a_figure(project, name=name, question=str(worker.pk), value=3.0)

    page = a_browser(person).get(f"/projects/{project.public_id}/").content.decode()

    assert ("The-Worker" in page) == (False if role is Role.REQUESTER else "Who did how much" in page)


def test_an_undefined_figure_is_a_dash_with_its_reason(db):
    project = a_worked_project()
    a_figure(project, language="id", value=None, low=None, high=None, reason="One label alone was used.")

    page = a_browser(project.created_by).get(f"/projects/{project.public_id}/").content.decode()

    assert "One label alone was used." in page or "no items" in page.lower() or "There is nothing to annotate yet" in page


def test_asking_twice_for_new_figures_puts_one_job_in_line(db):
    lead = a_lead()
    project = a_project(lead)

    first = renew_figures(project, actor=lead, now=NOW)
    again = renew_figures(project, actor=lead, now=NOW)

    assert ([job.pk for job in first], Job.objects.filter(kind="quality.figures").count()) == ([job.pk for job in again], 1)
    assert AuditEvent.objects.filter(action="figures.asked", actor=lead).count() == 2


@pytest.mark.parametrize(("value", "place"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (-0.4, 0.0)])
def test_a_dot_stands_where_its_value_is(value, place):
    (dot,) = dot_plot([("Javanese", "jv", value, None, None)]).dots

    assert dot.x == pytest.approx(LEFT + (WIDTH - LEFT - RIGHT) * place)
    assert (dot.value, dot.goes_below) == (value, value < 0)


def test_an_undefined_value_is_no_dot():
    (dot,) = dot_plot([("Javanese", "jv", None, None, None)]).dots

    assert (dot.x, dot.low, dot.value, dot.goes_below) == (None, None, None, False)


def test_rows_of_a_plot_do_not_overlap():
    plot = dot_plot([(f"L{n}", f"l{n}", 0.5, 0.4, 0.6) for n in range(30)], target=0.8)

    places = [dot.y for dot in plot.dots]
    assert min(b - a for a, b in pairwise(places)) >= 20
    assert plot.height > max(places)
    assert LEFT < plot.target < WIDTH - RIGHT


def test_an_interval_that_reaches_below_0_says_so():
    (dot,) = dot_plot([("Javanese", "jv", 0.2, -0.1, 0.5)]).dots

    assert dot.goes_below


def test_languages_stand_in_the_order_of_their_names(db):
    project = a_worked_project(languages=("zh-Hant", "es", "fil", "en"))
    for language in ("zh-Hant", "es", "fil", "en", ""):
        a_figure(project, language=language)

    page = project_page(project, reader="en")

    assert [row.name for row in page.languages][:4] == ["Chinese (Traditional)", "English", "Filipino", "Spanish"]
    assert [row.tag for row in page.questions[0][2]] == ["", "zh-Hant", "en", "fil", "es"]


def test_without_any_agreement_no_chart_is_drawn(db):
    project = a_worked_project()
    Figure.objects.filter(project_id=project.pk).update(value=None, low=None, high=None, reason="Nobody shares an item.")

    (chart,) = a_browser(project.created_by).get(f"/projects/{project.public_id}/").context["charts"]

    assert chart[3] is None


def test_times_are_minutes_and_seconds():
    assert (clock(21), clock(3725), clock(192.4, "h")) == ("0:21", "62:05", "0:03:12")


def test_finished_items_without_a_label_are_told(db):
    project = a_worked_project(languages=("en", "id"))
    a_figure(project, name="ties", question="", language="id", value=2.0)

    page = project_page(project, reader="en")

    assert ([(row.tag, row.ties) for row in page.languages], page.total.ties) == ([("en", 0), ("id", 2)], 2)
