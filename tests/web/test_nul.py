"""A NUL in what a form sends: PostgreSQL stores none, and looking for one is a fault there, so it is refused on both engines."""

import pytest
from django.test import Client

from tests.support.making import a_lead, a_project


@pytest.mark.parametrize("field", ["item", "taker", "nobody asked for this"])
def test_a_form_with_nul_is_refused_with_a_reason(db, field):
    lead = a_lead()
    project = a_project(lead)
    client = Client()
    client.force_login(lead)

    answer = client.post(f"/projects/{project.public_id}/queue/reassign", {"item": "a", "taker": "b", field: "x\x00"})

    assert answer.status_code == 422
    assert "NUL" in answer.content.decode()
