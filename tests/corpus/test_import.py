"""Importing texts: what comes in, what comes back."""

import csv
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from isogloss.corpus.jobs import pick_up_imports
from isogloss.corpus.models import ImportRun, Item, ItemVersion
from isogloss.corpus.rules import Mapping
from isogloss.corpus.services import ImportOptions, reading, start_import
from isogloss.dispatch.queries import counters
from isogloss.platform import jobs
from isogloss.platform.models import Job
from isogloss.platform.problems import InvalidInput
from tests.support.clients import a_browser
from tests.support.making import NOW, a_file, a_lead, a_project, an_import


@pytest.fixture
def lead(db):
    return a_lead()


@pytest.fixture
def project(lead):
    return a_project(lead)


def bad_rows(run):
    if not run.bad_path:
        return []
    path = Path(run.bad_path)
    with path.open(encoding="utf-8", newline="") as file:
        delimiter = {".csv": ",", ".tsv": "\t"}.get(path.suffix)
        rows = list(csv.DictReader(file, delimiter=delimiter)) if delimiter else [json.loads(line) for line in file]
    told = [{name.removeprefix("isogloss_"): value for name, value in row.items()} for row in rows]
    return [{**row, "line": int(row["line"])} for row in told]


def test_texts_become_items_with_their_language(project, lead, tmp_path):
    path = a_file(tmp_path, [{"id": "a", "text": "Hello", "lang": "en"}, {"id": "b", "text": "Halo", "lang": "id", "place": "Solo"}])

    run = an_import(project, path, lead=lead)

    assert (run.added, run.bad) == (2, 0)
    item = Item.objects.get(project=project, external_id="b")
    assert (json.loads(item.content), item.routing_language, item.length, json.loads(item.meta)) == (
        {"text": "Halo"},
        "id",
        4,
        {"place": "Solo"},
    )


def test_the_same_file_twice_adds_nothing(project, lead, tmp_path):
    path = a_file(tmp_path, [{"id": i, "text": f"text {i}"} for i in range(5)])
    an_import(project, path, lead=lead)

    again = an_import(project, path, lead=lead)

    assert (again.added, again.skipped, Item.objects.filter(project=project).count()) == (0, 5, 5)


def test_other_content_under_a_known_id_comes_back_as_a_bad_row(project, lead, tmp_path):
    an_import(project, a_file(tmp_path, [{"id": "a", "text": "first"}]), lead=lead)

    run = an_import(project, a_file(tmp_path, [{"id": "a", "text": "second"}]), lead=lead)

    (row,) = bad_rows(run)
    assert (row["line"], "taken" in row["reason"], "update" in row["remedy"]) == (1, True, True)
    assert json.loads(Item.objects.get(project=project).content) == {"text": "first"}


def test_with_update_other_content_becomes_the_next_version_and_the_first_is_kept(project, lead, tmp_path):
    an_import(project, a_file(tmp_path, [{"id": "a", "text": "first"}]), lead=lead)

    run = an_import(project, a_file(tmp_path, [{"id": "a", "text": "second"}]), lead=lead, update=True)

    item = Item.objects.get(project=project)
    kept = [json.loads(v.content)["text"] for v in ItemVersion.objects.filter(item=item).order_by("number")]
    assert (run.updated, item.version, kept) == (1, 2, ["first", "second"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": "x", "text": "caf\xe9"}\n', "not UTF-8"),
        (b'{"id": "x", "text": "a\\u0000b"}\n', "NUL"),
        (b'{"id": "x", "text": "\\ud800"}\n', "surrogate"),
        (b'{"id": "x", "text": "cut o', "not valid JSON"),
        (b'["id", "text"]\n', "not a JSON object"),
        (b'{"id": "x", "text": "  "}\n', "empty"),
        (b'{"id": "x"}\n', "missing"),
        (b'{"id": "x", "text": "t", "lang": "klingonese"}\n', "not a language tag"),
        (b'{"id": "x", "text": "t", "lang": "fr"}\n', "not one of the project's"),
        (b'{"id": "", "text": "t"}\n', "The id"),
        (b'{"id": "x", "text": "t", "severity": "9"}\n', "severity"),
    ],
)
def test_a_bad_line_comes_back_with_its_number_and_the_rest_comes_in(project, lead, tmp_path, line, said):
    path = tmp_path / "mixed.jsonl"
    good = b'{"id": "a", "text": "good", "lang": "en", "severity": 0}\n'
    path.write_bytes(good + line)

    run = an_import(project, path, lead=lead)

    (row,) = bad_rows(run)
    assert (run.added, run.bad, row["line"]) == (1, 1, 2)
    assert said in row["reason"]
    assert row["remedy"]


def test_the_letters_of_an_escaped_nul_are_no_nul(project, lead, tmp_path):
    run = an_import(project, a_file(tmp_path, [{"id": "a", "text": "write \\u0000 for NUL"}]), lead=lead)

    assert (run.added, run.bad) == (1, 0)


def test_utf_16_is_refused_with_what_to_do(project, lead, tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("id,text\n1,hi\n", encoding="utf-16")

    with pytest.raises(InvalidInput, match="Save it as UTF-8"):
        an_import(project, path, lead=lead)


def test_a_line_of_two_hundred_megabytes_is_passed_over_without_being_held(project, lead, tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "a", "text": "before"}\n')
        for _ in range(200):
            file.write(b"x" * 1024 * 1024)
        file.write(b'\n{"id": "b", "text": "after"}\n')

    run = an_import(project, path, lead=lead)

    (row,) = bad_rows(run)
    assert (run.added, row["line"], "longer than 16 MiB" in row["reason"]) == (2, 2, True)


def test_a_csv_with_quotes_line_breaks_and_a_byte_order_mark_is_read(project, lead, tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes('\ufeffid,text,lang\n1,"two\nlines, and a ""quote""",en\n2,=SUM(A1),en\n'.encode())

    run = an_import(project, path, lead=lead)

    texts = [json.loads(c)["text"] for c in Item.objects.filter(project=project).order_by("pk").values_list("content", flat=True)]
    assert (run.added, texts) == (2, ['two\nlines, and a "quote"', "=SUM(A1)"])


def test_apostrophes_before_formulas_are_removed_only_where_the_manifest_says_so(project, lead, tmp_path):
    path = tmp_path / "guarded.csv"
    path.write_text("id,text\n1,'=SUM(A1)\n2,''tis\n3,'quoted'\n", encoding="utf-8")

    an_import(project, path, lead=lead, guarded=True)

    texts = [json.loads(c)["text"] for c in Item.objects.filter(project=project).order_by("pk").values_list("content", flat=True)]
    assert texts == ["=SUM(A1)", "'tis", "'quoted'"]


def test_a_record_of_another_width_comes_back(project, lead, tmp_path):
    path = tmp_path / "ragged.tsv"
    path.write_text("id\ttext\n1\tfine\n2\ttoo\tmany\n", encoding="utf-8")

    run = an_import(project, path, lead=lead)

    (row,) = bad_rows(run)
    assert (run.added, row["line"], "3 cells" in row["reason"]) == (1, 3, True)


def test_a_twice_used_id_in_one_file_comes_back_once(project, lead, tmp_path):
    path = a_file(tmp_path, [{"id": "a", "text": "one"}, {"id": "a", "text": "one"}, {"id": "a", "text": "two"}])

    run = an_import(project, path, lead=lead)

    assert (run.added, run.skipped, run.bad) == (1, 1, 1)


def test_without_an_id_the_same_text_is_the_same_item(project, lead, tmp_path):
    run = an_import(project, a_file(tmp_path, [{"text": "one"}, {"text": "two"}, {"text": "one"}]), lead=lead)

    assert (run.added, run.skipped) == (2, 1)


def test_a_file_without_the_field_that_the_schema_shows_is_refused(project, lead, tmp_path):
    with pytest.raises(InvalidInput, match="No column is mapped"):
        an_import(project, a_file(tmp_path, [{"id": 1, "wording": "x"}]), lead=lead)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_csv_says_what_its_first_line_must_be(project, lead, tmp_path, content):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)

    with pytest.raises(InvalidInput):
        an_import(project, path, lead=lead)


def test_undeclared_texts_are_routed_by_a_sure_estimate_and_otherwise_to_the_pool(project, lead, tmp_path):
    from isogloss.platform.jobs import run_waiting

    path = a_file(
        tmp_path,
        [
            {"id": "en", "text": "The weather in the north of the country was rather pleasant this afternoon."},
            {"id": "odd", "text": "😂😂😂"},
        ],
    )
    an_import(project, path, lead=lead)

    run_waiting()

    routed = dict(Item.objects.filter(project=project).values_list("external_id", "routing_language"))
    assert routed == {"en": "en", "odd": "und"}


def twenty(tmp_path, *, name="texts.jsonl"):
    return a_file(tmp_path, [{"id": str(i), "text": f"A plain sentence, number {i}.", "lang": "en"} for i in range(20)], name=name)


def stopped_at(monkeypatch, rows, *, by):
    """Let imports go in fives, and stop them by this once so many rows were told of."""

    def tell(self, done, **told):
        if done >= rows:
            raise by

    monkeypatch.setattr(reading, "CHUNK", 5)
    monkeypatch.setattr(jobs.Progress, "tell", tell)


def begun(project, path, *, lead):
    run = start_import(project, path=path, name=path.name, options=ImportOptions(), actor=lead, now=NOW, inline=True)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(("by", "state"), [(jobs.Cancelled, "cancelled"), (RuntimeError, "failed")])
def test_what_came_in_before_an_import_was_stopped_is_counted_and_served(lead, tmp_path, monkeypatch, by, state):
    project = a_project(lead)
    with monkeypatch.context() as until_then:
        stopped_at(until_then, 10, by=by)
        run = begun(project, twenty(tmp_path), lead=lead)

    jobs.run_waiting()

    assert (run.job.state, run.read, run.added, run.finished_at is not None) == (state, 10, 10, True)
    assert waiting_slots(project) == 10 * project.workflow.target


def test_bad_rows_met_before_an_import_was_stopped_come_back(project, lead, tmp_path, monkeypatch):
    with monkeypatch.context() as until_then:
        stopped_at(until_then, 5, by=jobs.Cancelled)
        run = begun(project, a_file(tmp_path, [{"id": str(i), "text": "" if i == 3 else f"text {i}"} for i in range(9)]), lead=lead)

    assert (run.bad, [row["line"] for row in bad_rows(run)]) == (1, [4])


def test_an_import_whose_runner_died_counts_what_both_attempts_brought(project, lead, tmp_path, monkeypatch):
    path = twenty(tmp_path)
    with monkeypatch.context() as until_then:
        stopped_at(until_then, 10, by=KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            begun(project, path, lead=lead)
    run = ImportRun.objects.get(project=project)
    assert (run.added, run.finished_at) == (10, None)

    jobs.run_inline("corpus.import", ids={"run": run.pk}, actor=lead, now=NOW, project_id=project.pk)

    run.refresh_from_db()
    assert (run.read, run.added, run.skipped) == (20, 20, 0)


def test_what_an_import_brought_that_was_given_up_is_served_all_the_same(project, lead, tmp_path, monkeypatch):
    with monkeypatch.context() as until_then:
        stopped_at(until_then, 10, by=KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            begun(project, twenty(tmp_path), lead=lead)
    job = Job.objects.get(kind="corpus.import")
    Job.objects.exclude(pk=job.pk).delete()  # who is killed asks for nothing more
    ImportRun.objects.update(job=job)
    Job.objects.filter(pk=job.pk).update(attempts=jobs.MOST_ATTEMPTS, heartbeat=NOW)
    jobs.run_waiting()  # gives the import up

    pick_up_imports(NOW)
    pick_up_imports(NOW)
    jobs.run_waiting()

    job.refresh_from_db()
    assert (job.state, waiting_slots(project)) == ("failed", 10 * project.workflow.target)
    assert Job.objects.filter(kind="corpus.announce").count() == 1


def test_an_import_that_was_refused_serves_nothing_and_asks_for_nothing(project, lead, tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("id,text\n1,hi\n", encoding="utf-16")
    mapping = Mapping(fields={"text": "text"})

    run = start_import(project, path=path, name="a.csv", options=ImportOptions(mapping=mapping), actor=lead, now=NOW, inline=True)

    assert (run.job.state, Job.objects.count()) == ("failed", 1)


def waiting_slots(project):
    return sum(row.waiting for row in counters(project.pk))


def test_a_filter_that_nothing_fits_offers_to_be_cleared(project, lead):
    browser = a_browser(lead)

    filtered = browser.get(f"/projects/{project.public_id}/items/?search=nothing-begins-so").content.decode()
    bare = browser.get(f"/projects/{project.public_id}/items/").content.decode()

    assert ("Clear the filter" in filtered, "Clear the filter" in bare, "Import texts" in bare) == (True, False, True)


def test_the_mapping_page_says_that_a_batch_of_this_name_is_there(project, lead, tmp_path):
    an_import(project, a_file(tmp_path, [{"id": "1", "text": "One."}]), lead=lead, batch="bad")
    browser = a_browser(lead)

    led = [
        browser.post(
            f"/projects/{project.public_id}/import", {"file": SimpleUploadedFile(name, b'{"id": "2", "text": "Two."}\n'), "batch": ""}
        )
        for name in ("bad.jsonl", "other.jsonl")
    ]
    pages = [browser.get(answer["Location"]).content.decode() for answer in led]

    assert ["has a batch <bdi>bad</bdi> already, with 1 items" in page for page in pages] == [True, False]


def test_bad_rows_come_back_in_the_files_own_format_and_can_be_sent_again(project, lead, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(b'id,text,mood\na,"Good, yes.",1\na,Other text.,2\nb,"open,3\nc,"Fine.",4\nd,x,y,z\n')
    columns = Mapping(fields={"text": "text"}, id="id")
    run = an_import(project, path, lead=lead, mapping=columns)

    back = Path(run.bad_path).read_text(encoding="utf-8").splitlines()
    mended = tmp_path / "again.csv"
    mended.write_text("\n".join(back).replace("a,Other text.,2", "e,Other text.,2") + "\n", encoding="utf-8")
    again = an_import(project, mended, lead=lead, mapping=columns)

    assert (run.added, run.bad, back[0]) == (2, 3, "id,text,mood,isogloss_reason,isogloss_remedy,isogloss_line,isogloss_raw")
    assert back[1].startswith("a,Other text.,2,The id 'a' is taken")
    assert [row["raw"] for row in bad_rows(run)] == ["", 'b,"open,3', "d,x,y,z"]
    assert (again.added, again.bad) == (1, 2)
    assert json.loads(Item.objects.get(external_id="e").meta) == {"mood": "2"}


def test_bad_lines_of_json_come_back_as_they_stood(project, lead, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a", "text": "One.", "n": 1.50}\n{"id": "a", "text": "Two.", "n": 2.50}\n{"id": broken\n', encoding="utf-8")

    run = an_import(project, path, lead=lead, mapping=Mapping(fields={"text": "text"}, id="id"))

    taken, broken = Path(run.bad_path).read_text(encoding="utf-8").splitlines()
    assert taken.startswith('{"id": "a", "text": "Two.", "n": 2.50,"isogloss_reason":')
    assert json.loads(broken)["isogloss_raw"] == '{"id": broken'


@pytest.mark.parametrize(("given", "said"), [("", "is empty"), ("x" * 201, "has 201 characters"), ("a\u200bb", "U+200B")])
def test_a_bad_id_says_what_is_wrong_with_it(project, lead, tmp_path, given, said):
    run = an_import(
        project, a_file(tmp_path, [{"id": given, "text": "One."}]), lead=lead, mapping=Mapping(fields={"text": "text"}, id="id")
    )

    assert said in bad_rows(run)[0]["reason"]
