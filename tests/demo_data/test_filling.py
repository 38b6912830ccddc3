"""The demonstration: numbers that people quote, and a port for it."""

import pytest

from isogloss.demonstration.crew import read_guideline
from isogloss.demonstration.filling import CONTACTS, rulings_in
from isogloss.serving import CannotServe, free_port


def test_rulings_go_on_after_those_of_the_text():
    assert rulings_in("# T\n\n1. no\n\n## Rulings\n\n1. **a**\n   - x\n2. b\n\n## End\n\n3. no\n") == 2
    assert rulings_in(read_guideline("language-id")) == 15


def test_every_contact_says_that_it_is_invented():
    assert ["(invented)" in name for name, _ in CONTACTS] == [True] * len(CONTACTS)


@pytest.mark.parametrize("first", [8765, 65535])
def test_a_port_beyond_the_usual_ones_is_taken(monkeypatch, first):
    monkeypatch.setattr("isogloss.serving.probe", lambda host, port: None)

    assert free_port("127.0.0.1", first=first) == first


def test_a_busy_port_gives_the_next_and_all_busy_ones_a_refusal(monkeypatch):
    def only_last(host: str, port: int) -> None:
        if port != 8784:
            raise CannotServe(f"{host}:{port} is taken")

    monkeypatch.setattr("isogloss.serving.probe", only_last)

    assert free_port("127.0.0.1", first=8765) == 8784
    with pytest.raises(CannotServe, match="No port from 8785 to 8804"):
        free_port("127.0.0.1", first=8785)
