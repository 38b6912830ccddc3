"""A NUL in what a form sends: PostgreSQL stores none and cannot look for one; it finds nothing, or is refused, on either engine."""

import pytest
from django.db import connection
from django.test import Client

from tests.support.making import a_lead, a_project


@pytest.mark.parametrize("field", ["item", "taker"])
def test_a_form_with_nul_is_no_fault(db, field):
    lead = a_lead()
    project = a_project(lead)
    client = Client()
    client.force_login(lead)

    answer = client.post(f"/projects/{project.public_id}/queue/reassign", {"item": "a", "taker": "b", field: "x\x00"})

    if connection.vendor == "postgresql" and field == "item":
        assert (answer.status_code, "NUL" in answer.content.decode()) == (422, True)
    else:
        assert answer.status_code in {302, 404}
