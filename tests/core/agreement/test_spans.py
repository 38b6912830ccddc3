"""Agreement on spans: exact and partial F1 and alpha for unitising."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.core.agreement import Spans, exact_f1, partial_f1, unitising_alpha
from isogloss.core.tables import BadTable
from tests.core.agreement.makers import NO_INTERVAL

Mark = tuple[int, int, int, int, str]  # document, person, start, end, label

marks = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 15), st.integers(1, 6), st.sampled_from("ab")).map(
        lambda mark: (*mark[:3], mark[2] + mark[3], mark[4])
    ),
    min_size=1,
    max_size=25,
)


def a_span_table(rows: list[Mark], *, people: int = 3, documents: int = 3, length: int = 30) -> Spans:
    """Make a table in which everybody looked at every document."""
    return Spans.from_columns(
        document=[row[0] for row in rows],
        worker=[row[1] for row in rows],
        start=[row[2] for row in rows],
        end=[row[3] for row in rows],
        label=[row[4] for row in rows],
        answered=[(document, person) for document in range(documents) for person in range(people)],
        lengths=dict.fromkeys(range(documents), length),
    )


def krippendorffs_study() -> Spans:
    """Give the units of two observers on a continuum from 150 to 450 (Krippendorff 2004, page 254)."""
    rows = [(225, 70, 0, "c"), (370, 30, 0, "c"), (220, 80, 1, "c"), (355, 20, 1, "c"), (400, 20, 1, "c")]
    rows += [(180, 60, 0, "k"), (300, 50, 0, "k"), (180, 60, 1, "k"), (300, 50, 1, "k")]
    return a_span_table(
        [(0, person, start - 150, start - 150 + size, label) for start, size, person, label in rows], people=2, documents=1, length=300
    )


def whole_units_by_person(rows: list[Mark]) -> dict[tuple[int, int, str], list[tuple[int, int]]]:
    """Join each person's overlapping spans with one label, one code point at a time."""
    joined: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
    for document, person, start, end, label in sorted(set(rows), key=lambda row: (row[0], row[1], row[4], row[2], row[3])):
        units = joined.setdefault((document, person, label), [])
        if units and start < units[-1][1]:
            units[-1] = (units[-1][0], max(end, units[-1][1]))
        else:
            units.append((start, end))
    return joined


def alpha_u_by_definition(rows: list[Mark], *, people: int, length: int, label: str) -> tuple[float, float]:
    """Compute D_o and D_e of Krippendorff 1995 for one document by loops over units and gaps: (D_o, D_e)."""
    joined = whole_units_by_person(rows)
    sections: list[list[tuple[int, int, bool]]] = []
    for person in range(people):
        at, row = 0, []
        for start, end in joined.get((0, person, label), []):
            row += [(at, start, False)] * (start > at) + [(start, end, True)]
            at = end
        sections.append(row + [(at, length, False)] * (length > at))
    seen = 0.0
    for i, mine in enumerate(sections):
        for j, theirs in enumerate(sections):
            for start, end, is_unit in mine if i != j else []:
                for other_start, other_end, other_is_unit in theirs:
                    if is_unit and other_is_unit and start < other_end and other_start < end:
                        seen += (start - other_start) ** 2 + (end - other_end) ** 2
                    elif is_unit and not other_is_unit and other_start <= start and end <= other_end:
                        seen += (end - start) ** 2
                    elif not is_unit and other_is_unit and start <= other_start and other_end <= end:
                        seen += (other_end - other_start) ** 2
    units = [end - start for row in sections for start, end, is_unit in row if is_unit]
    gaps = [end - start for row in sections for start, end, is_unit in row if not is_unit]
    chance = sum(
        (len(units) - 1) / 3 * (2 * size**3 - 3 * size**2 + size) + size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
        for size in units
    )
    extent = people * length
    room = extent * (extent - 1) - sum(size * (size - 1) for size in units)
    return seen / (people * (people - 1) * length**2), 2 / length * chance / room


def test_alpha_for_unitising_gives_the_figures_of_krippendorffs_book():
    spans = krippendorffs_study()

    found = [unitising_alpha(spans, label=label, bootstrap=NO_INTERVAL).value for label in ("c", "k", None)]

    assert found == pytest.approx([0.7286, 1.0, 0.8591], abs=5e-4)  # the book adds up figures of four digits


@pytest.mark.parametrize(
    ("units", "printed"),
    [
        # Krippendorff 1995, page 57, studies A, B and D of 24 units length, stretched until the grain no longer matters.
        # (His D_e for study C, .0864, lacks the last term of his formula; with it, as here, it is .0905.)
        (([(2, 8), (14, 6)], [(4, 4), (15, 2)]), 0.553),
        (([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]), -0.926),
        (([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]), 0.066),
    ],
)
def test_alpha_for_unitising_gives_the_figures_of_krippendorffs_paper(units, printed):
    stretch = 5000
    rows = [(0, person, start * stretch, (start + size) * stretch, "u") for person, mine in enumerate(units) for start, size in mine]

    found = unitising_alpha(a_span_table(rows, people=2, documents=1, length=24 * stretch), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(printed, abs=2.5e-3)


@settings(max_examples=80, deadline=None)
@given(rows=marks)
def test_alpha_for_unitising_is_its_definition(rows):
    rows = [(0, *row[1:]) for row in rows]
    parts = [alpha_u_by_definition(rows, people=3, length=30, label=label) for label in sorted({row[4] for row in rows})]
    seen, expected = (sum(column) for column in zip(*parts, strict=True))

    found = unitising_alpha(a_span_table(rows, documents=1), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(1 - seen / expected, abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(rows=marks)
def test_exact_f1_is_the_mean_dice_of_all_pairs(rows):
    shared = sizes = 0
    for document in range(3):
        sets = [{row[2:] for row in rows if row[:2] == (document, person)} for person in range(3)]
        for one, other in ((0, 1), (0, 2), (1, 2)):
            shared += 2 * len(sets[one] & sets[other])
            sizes += len(sets[one]) + len(sets[other])

    found = exact_f1(a_span_table(rows), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(shared / sizes)


@settings(max_examples=80, deadline=None)
@given(rows=marks)
def test_partial_f1_counts_shared_code_points_one_by_one(rows):
    joined = whole_units_by_person(rows)
    credit = spans = 0.0
    for (document, person, label), units in joined.items():
        for other in {0, 1, 2} - {person}:
            covered = {place for start, end in joined.get((document, other, label), []) for place in range(start, end)}
            credit += sum(len(covered & set(range(start, end))) / (end - start) for start, end in units)
            spans += len(units)

    found = partial_f1(a_span_table(rows), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(credit / spans)


def test_people_who_mark_the_same_agree_fully():
    spans = a_span_table([(document, person, 3, 9, "a") for document in range(3) for person in range(3)])

    found = [measure(spans, bootstrap=NO_INTERVAL).value for measure in (exact_f1, partial_f1, unitising_alpha)]

    assert found == pytest.approx([1, 1, 1])


def test_another_label_is_another_span():
    spans = a_span_table([(0, 0, 3, 9, "a"), (0, 1, 3, 9, "b")], people=2)

    assert exact_f1(spans, bootstrap=NO_INTERVAL).value == 0
    assert partial_f1(spans, bootstrap=NO_INTERVAL).value == 0


def test_a_person_who_marked_nothing_lowers_agreement():
    rows = [(0, person, 3, 9, "a") for person in (0, 1)]

    two, three = (exact_f1(a_span_table(rows, people=people, documents=1), bootstrap=NO_INTERVAL).value for people in (2, 3))

    assert (two, three) == (1, 0.5)


@pytest.mark.parametrize(("length", "size"), [(500, 12), (200, 20)])
def test_spans_laid_down_at_random_in_many_documents_have_an_alpha_near_zero(length, size):
    starts = np.random.default_rng(3).integers(0, length - size + 1, (2500, 2)).tolist()
    rows = [(document, person, start, start + size, "a") for document, pair in enumerate(starts) for person, start in enumerate(pair)]

    found = unitising_alpha(a_span_table(rows, people=2, documents=2500, length=length), bootstrap=NO_INTERVAL)

    assert found.value == pytest.approx(0, abs=0.02)


def test_one_persons_f1_counts_the_pairs_with_that_person_only():
    spans = a_span_table([(0, 0, 0, 5, "a"), (0, 1, 0, 5, "a"), (0, 2, 10, 15, "a")], documents=1)

    found = [exact_f1(spans, person=person, bootstrap=NO_INTERVAL).value for person in range(3)]

    assert found == [0.5, 0.5, 0]


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (-1, 2), (25, 31)])
def test_an_impossible_span_is_refused_by_row(start, end):
    with pytest.raises(BadTable, match="Row 2") as caught:
        a_span_table([(0, 0, 0, 5, "a"), (0, 1, start, end, "a")])

    assert caught.value.row == 2


def test_a_document_of_unknown_length_is_refused():
    with pytest.raises(BadTable, match="length of document 'e'"):
        Spans.from_columns(document=["d", "e"], worker=["x", "x"], start=[0, 0], end=[1, 1], lengths={"d": 3})


def test_overlapping_spans_of_one_person_are_joined_and_touching_ones_are_not():
    spans = a_span_table([(0, 0, 0, 4, "a"), (0, 0, 3, 8, "a"), (0, 0, 8, 9, "a"), (0, 1, 2, 4, "a")])

    whole = spans.merged()

    assert list(zip(whole.person.tolist(), whole.start.tolist(), whole.end.tolist(), strict=True)) == [(0, 0, 8), (0, 8, 9), (1, 2, 4)]
