"""Language models in the product: trained from what was decided, judged, let speak, taken back."""

import pytest

from isogloss.assist import queries, services
from isogloss.assist.detectors import active_detector, the_registry
from isogloss.assist.models import Activation
from isogloss.assist.releases import UnusableRelease, release_examples
from isogloss.assist.services import GateRefused, TrainingSource
from isogloss.core.language.registry import Registry
from isogloss.corpus.models import Item
from isogloss.corpus.ports import detector, detector_name
from isogloss.corpus.services import ask_reestimate
from isogloss.delivery.queries import release_folder
from isogloss.platform.jobs import run_waiting
from isogloss.platform.models import AuditEvent, Job
from isogloss.platform.problems import Conflict, NotFound
from tests.assist.making import LANGUAGE, a_decided_release, a_language_project, a_model
from tests.core.language.test_models import some_examples
from tests.delivery.making import a_decision, a_release, an_item, fresh_figures, gold
from tests.support.making import NOW, a_file, a_lead, a_project, an_import

INVENTED = [example.text for example in some_examples() if example.language == "ain"]


def a_source(release) -> TrainingSource:
    return TrainingSource(release_folder(release), f"{release.project.name} {release.version}", release.project_id)


def test_a_model_learns_what_people_decided_not_what_an_item_was_routed_as(db):
    release = a_decided_release(a_language_project(), number=20)

    examples = release_examples(release_folder(release))

    assert sorted({example.language for example in examples}) == ["ain", "id"]
    assert {example.source for example in examples} == {"first"}


def test_ties_mixtures_and_no_language_teach_nothing(db):
    project = a_language_project()
    for label in ("id", None, "none", "mixed:ain+id"):
        a_decision(an_item(project), label, question="which")
    fresh_figures(project)

    examples = release_examples(release_folder(a_release(project)))

    assert [example.language for example in examples] == ["id"]


def test_gold_is_not_learnt(db):
    project = a_language_project()
    secret, plain = an_item(project, content={"text": "rahasia"}), an_item(project, content={"text": "biasa"})
    for item in (secret, plain):
        a_decision(item, "id", question="which")
    gold(secret)
    fresh_figures(project)

    examples = release_examples(release_folder(a_release(project, include_gold=True)))

    assert [example.text for example in examples] == ["biasa"]


def test_without_a_language_question_the_declared_language_is_learnt_and_never_an_estimate(db):
    project = a_project(a_lead())
    an_item(project, content={"text": "told"}, declared_language="en")
    an_item(project, content={"text": "guessed"}, language="id")
    fresh_figures(project)

    examples = release_examples(release_folder(a_release(project)))

    assert [(example.text, example.language) for example in examples] == [("told", "en")]


def test_a_choice_among_the_releases_languages_is_learnt_like_a_language_question(db):
    labels = ", ".join(f"{{value: {value}, name: N}}" for value in ("id", "ain", "mixed"))
    schema = LANGUAGE.split("questions:")[0] + f"questions: [{{id: which, kind: choice, prompt: Which?, labels: [{labels}]}}]"
    project = a_project(a_lead(), languages=("id", "ain"), schema=schema)
    for routed, label in (("id", "ain"), ("ain", "id"), ("id", "mixed")):
        a_decision(an_item(project, language=routed), label, question="which")
    fresh_figures(project)

    examples = release_examples(release_folder(a_release(project)))

    assert [example.language for example in examples] == ["ain", "id"]


def test_a_release_with_nothing_to_learn_from_says_so(db):
    release = a_release(a_language_project())

    with pytest.raises(UnusableRelease, match="language question “which”"):
        release_examples(release_folder(release))


def test_a_trained_model_is_judged_and_does_not_speak_yet(db):
    project = a_language_project()
    release = a_decided_release(project)

    run = services.start_training([a_source(release)], actor=project.created_by, now=NOW, inline=True)

    model = queries.model_page(run.model)
    assert (run.job.state, model.is_active, active_detector.name) == ("done", False, "")
    assert {row.language for row in model.scores} == {"ain", "id"}
    assert model.evaluations[0].candidate > model.evaluations[0].live
    assert run.model in model.card
    assert AuditEvent.objects.filter(action="model.training_asked", actor=project.created_by).exists()


def test_a_release_that_teaches_nothing_fails_the_training_with_the_reason(db):
    project = a_language_project()

    run = services.start_training([a_source(a_release(project))], actor=project.created_by, now=NOW, inline=True)

    assert (run.job.state, "nothing to learn from" in run.job.message, run.model) == ("failed", True, "")


def test_a_model_that_another_process_activates_speaks_at_the_next_question(db):
    name = a_model()
    before = [found.language for found in detector()(INVENTED[:20])]

    Registry(the_registry().folder.parent).activate(name)

    after = [found.language for found in detector()(INVENTED[:20])]
    assert (before.count("ain"), after.count("ain") >= 15, detector_name()) == (0, True, name)


def test_going_back_brings_the_shipped_detectors_back(db):
    lead, name = a_lead(), a_model()
    services.activate(name, actor=lead, now=NOW)

    row = services.go_back(actor=lead, now=NOW)

    assert (row.model, active_detector.name, [found.language for found in detector()(INVENTED[:5])].count("ain")) == ("", "", 0)


def test_going_back_goes_to_the_model_before(db):
    lead, first, second = a_lead(), a_model("first"), a_model("second")
    for name in (first, second):
        services.activate(name, actor=lead, now=NOW)

    services.go_back(actor=lead, now=NOW)

    assert active_detector.name == first
    assert [(row.model, row.before, row.is_back) for row in Activation.objects.order_by("pk")] == [
        ("first", "", False),
        ("second", "first", False),
        ("first", "second", True),
    ]


def test_without_an_active_model_there_is_nothing_to_go_back_from(db):
    with pytest.raises(Conflict, match="none to go back from"):
        services.go_back(actor=a_lead(), now=NOW)


def test_what_the_gate_refused_speaks_only_where_somebody_insists(db):
    lead, name = a_lead(), a_model(passes=False)

    with pytest.raises(GateRefused, match="get worse"):
        services.activate(name, actor=lead, now=NOW)

    services.activate(name, actor=lead, now=NOW, insist=True)
    assert active_detector.name == name


def test_a_model_that_is_not_there_is_refused_and_leaves_no_trace(db):
    with pytest.raises(NotFound):
        services.activate("none", actor=a_lead(), now=NOW)

    assert not Activation.objects.exists()


def test_a_damaged_model_costs_accuracy_not_the_work(db, caplog):
    name = a_model()
    the_registry().activate(name)
    (the_registry().folder / name / "model.npz").write_bytes(b"broken")

    found = detector()(["Der Ausschuss wird seine Ergebnisse noch vor Ende des Monats veröffentlichen."])

    assert (found[0].language, detector_name()) == ("de", "")
    assert "cannot be read" in caplog.text


def test_new_estimates_name_the_model_that_had_a_voice(db, tmp_path):
    lead = a_lead()
    project = a_project(lead, languages=("id", "ain"), schema=LANGUAGE)
    services.activate(a_model(), actor=lead, now=NOW)

    an_import(project, a_file(tmp_path, [{"id": "a", "text": INVENTED[0]}]), lead=lead)

    item = Item.objects.get(project=project)
    assert (item.language, item.estimated_by) == ("ain", "learnt")


def test_activation_moves_no_item_and_a_new_estimate_leaves_the_queue_alone(db, tmp_path):
    lead = a_lead()
    project = a_project(lead, languages=("id", "ain"), schema=LANGUAGE)
    rows = [{"id": f"{n}", "text": text} for n, text in enumerate(INVENTED[:12])]
    an_import(project, a_file(tmp_path, rows), lead=lead)
    before = list(Item.objects.filter(project=project).order_by("pk").values_list("language", "routing_language"))
    services.activate(a_model(), actor=lead, now=NOW)
    unmoved = list(Item.objects.filter(project=project).order_by("pk").values_list("language", "routing_language"))

    ask_reestimate(project, actor=lead, now=NOW)
    ask_reestimate(project, actor=lead, now=NOW)
    run_waiting()

    after = list(Item.objects.filter(project=project).order_by("pk").values_list("language", "routing_language"))
    (job,) = Job.objects.filter(kind="corpus.reestimate")
    assert unmoved == before
    assert [routing for _, routing in after] == [routing for _, routing in before]
    assert [language for language, _ in after].count("ain") >= 9
    assert (job.result["estimated"], job.result["changed"] >= 9, job.result["model"]) == (12, True, "learnt")
    assert job.result["would_route_elsewhere"] > 0
