"""Personal data: what is found, what is left alone, what masking leaves."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core.language.personal import find_personal, masked

# Numbers published as examples by their issuers or made for tests; none is a person's.
FOUND = [
    ("write to a.b+c@example.co.id please", "email", "a.b+c@example.co.id"),
    ("hubungi 0812-3456-7890 ya", "phone", "0812-3456-7890"),
    ("call +62 812 3456 7890 now", "phone", "+62 812 3456 7890"),
    ("call +1 (202) 555-0143 now", "phone", "+1 (202) 555-0143"),
    ("card 4111 1111 1111 1111 ok", "card", "4111 1111 1111 1111"),
    ("card 5500005555555559", "card", "5500005555555559"),
    ("iban GB82 WEST 1234 5698 7654 32 there", "iban", "GB82 WEST 1234 5698 7654 32"),
    ("nik 3201234507890001", "national", "3201234507890001"),
    ("身份证 11010519491231002X 号", "national", "11010519491231002X"),
    ("cpf 529.982.247-25", "national", "529.982.247-25"),
    ("dni 12345678Z", "national", "12345678Z"),
    ("nric S1234567D", "national", "S1234567D"),
    ("cf RSSMRA85T10A562S", "national", "RSSMRA85T10A562S"),
    ("follow @some_one.x today", "handle", "@some_one.x"),
]


@pytest.mark.parametrize(("text", "kind", "piece"), FOUND)
def test_personal_data_is_found_at_its_offsets(text, kind, piece):
    assert [(finding.kind.value, text[finding.start : finding.end]) for finding in find_personal(text)] == [(kind, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "it cost 1,250,000 rupiah",
        "on 2024-05-17 or 17/05/2024",
        "4111 1111 1111 1112",
        "5555555",
        "@user said",
        "version 1.2.3.4",
        "dni 12345678A",
        "529.982.247-26 is wrong",
        "GB82 WEST 1234 5698 7654 33",
        "score 12-10, 9-8",
        "",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert [finding.kind.value for finding in find_personal(text)] == []


def test_masking_leaves_nothing_of_it():
    text = "mail a@b.org, tel 0812-3456-7890 and @me"

    assert masked(text) == "mail [email], tel [phone] and [handle]"


@given(st.text(alphabet="0123456789+-() @.abXZ", max_size=60))
def test_findings_do_not_overlap_and_a_masked_text_holds_none(text):
    found = find_personal(text)

    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert find_personal(text) == [] or masked(text) != text
