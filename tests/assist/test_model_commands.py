"""`isogloss model` on an installation writes down who let which model speak, as the page does."""

import pytest
from click.testing import CliRunner
from django.conf import settings

from isogloss.accounts.rules import Role
from isogloss.assist import queries
from isogloss.assist.detectors import active_detector, the_registry
from isogloss.assist.models import Activation
from isogloss.cli.language import model
from isogloss.platform.models import AuditEvent
from tests.assist.making import a_model
from tests.support.making import a_lead, a_person

pytestmark = pytest.mark.django_db


def run(*arguments, code=0):
    result = CliRunner().invoke(model, [*arguments, "--data", str(settings.CONFIG.data)])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def an_administrator():
    return a_person("root", roles=(Role.ADMIN,))


def trail():
    return [
        (event.action, event.actor.username, event.detail)
        for event in AuditEvent.objects.filter(action__startswith="model.").order_by("id")
    ]


def a_tagger(name="words"):
    folder = the_registry().folder / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "tagger.npz").write_bytes(b"")
    return name


def test_letting_a_model_speak_and_going_back_are_in_the_trail_under_the_administrator():
    an_administrator()
    name = a_model()

    said = run("activate", name)
    spoke = active_detector.name
    back = run("back")

    assert ("speaks now" in said, spoke, "alone again" in back, active_detector.name) == (True, name, True, "")
    assert trail() == [
        ("model.activated", "root", {"model": name, "before": ""}),
        ("model.went_back", "root", {"model": "", "before": name}),
    ]
    assert [(row.model, row.is_back) for row in queries.activations()] == [("", True), (name, False)]


def test_the_person_that_a_command_names_is_the_one_in_the_trail():
    an_administrator()
    ana = a_lead("ana")

    run("activate", a_model(), "--by", "ana")

    assert Activation.objects.get().by == ana


def test_somebody_unknown_changes_nothing():
    an_administrator()

    said = run("activate", a_model(), "--by", "nobody", code=1)

    assert "Nobody has the username 'nobody'" in said
    assert (active_detector.name, trail()) == ("", [])


def test_what_the_gate_refused_needs_force_here_too():
    an_administrator()
    name = a_model(passes=False)

    assert "refused" in run("activate", name, code=1)
    run("activate", name, "--force")

    assert [event[0] for event in trail()] == ["model.activated"]


def test_a_tagger_is_in_the_trail_and_not_in_the_list_of_what_speaks():
    an_administrator()
    name = a_tagger()

    run("activate", name)
    run("back", "--tokens")

    assert trail() == [
        ("model.activated", "root", {"model": name, "before": "", "of": "tokens"}),
        ("model.went_back", "root", {"model": "", "before": name, "of": "tokens"}),
    ]
    assert list(queries.activations()) == []


def test_a_folder_without_an_installation_knows_nobody(tmp_path):
    said = CliRunner().invoke(model, ["back", "--by", "ana", "--data", str(tmp_path)])

    assert (said.exit_code, "no installation" in said.output) == (1, True)
