"""Gold takes the time of any other serve: rows of a last slot are deleted by the sweep, and `next` looks for both kinds."""

from importlib import import_module

from django.db import migrations, models

NEXT = r"""
CREATE OR REPLACE FUNCTION dispatch_next(
    p_person bigint, p_project bigint, p_epoch bigint, p_want int, p_now bigint, p_ids text[], p_ipad bytea, p_opad bytea
) RETURNS TABLE (
    state text, today int, break_in bigint, lease text, schema_id bigint, expires bigint, serve bigint, language text, severity smallint,
    hazards text, content text
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    p dispatch_person%ROWTYPE;
    j dispatch_project%ROWTYPE;
    sub record;
    q record;
    held int;
    oldest bigint;
    need int;
    goal int;
    got int;
    room bigint;
    elapsed bigint;
    wants_gold boolean;
    feigned boolean;
    not_gold_at bigint := -1;
    digest bytea;
    k int := 0;
    v_from bigint;
    v_last bigint;
    v_hole bigint;
    v_end bigint;
    scanned int;
    step int;
    items bigint[] := '{}';
    moves int[] := '{}';
    visible int;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT * INTO p FROM dispatch_person WHERE person_id = p_person FOR UPDATE;
    IF NOT FOUND OR p.epoch <> p_epoch THEN
        RETURN QUERY SELECT 'outdated'::text, 0, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::smallint, NULL::text, NULL::text;
        RETURN;
    END IF;
    SELECT * INTO j FROM dispatch_project WHERE project_id = p_project;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'outdated'::text, 0, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::smallint, NULL::text, NULL::text;
        RETURN;
    END IF;
    SELECT count(*), min(l.expires) INTO held, oldest FROM dispatch_lease l WHERE l.person_id = p_person AND l.project_id = p_project;
    IF p.day_ends <= p_now OR oldest <= p_now THEN
        RETURN QUERY SELECT 'tidy'::text, p.today, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::smallint, NULL::text, NULL::text;
        RETURN;
    END IF;
    IF p.held OR j.paused THEN
        RETURN QUERY SELECT 'ok'::text, p.today, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::smallint, NULL::text, NULL::text;
        RETURN;
    END IF;
    -- Below, OFFSET 0 and + 0 make the planner probe by the item: by the person it would read all that they have ever answered, and until the
    -- first ANALYZE the two look the same to it.
    need := p_want - held;
    WHILE need > 0 LOOP
        goal := need;
        wants_gold := false;
        IF j.gold THEN
            -- One at a time, and the other kind is looked for as well and left alone, so that gold takes the time of any other serve.
            goal := 1;
            digest := sha256(p_opad || sha256(p_ipad || convert_to(p_person || ':' || (p.served + 1), 'UTF8')));
            wants_gold := p.served + 1 <> not_gold_at
                AND (get_byte(digest, 0)::bigint * 16777216 + get_byte(digest, 1) * 65536 + get_byte(digest, 2) * 256 + get_byte(digest, 3)) % 10000
                    < p.gold_share;
            feigned := false;
            FOR sub IN
                SELECT s.lane, s.stratum_id, s.position, t.severity, t.reserve_ms FROM dispatch_subscription s JOIN dispatch_stratum t ON t.id = s.stratum_id
                WHERE s.person_id = p_person AND s.project_id = p_project AND s.until > p_now
                  AND ((NOT wants_gold AND s.lane = -1) OR (wants_gold AND s.lane >= 0))
                  AND EXISTS (SELECT 1 FROM dispatch_queue x WHERE x.stratum_id = s.stratum_id AND x.position > s.position)
                ORDER BY s.lane, hashint8extended(s.stratum_id, p.served)
            LOOP
                EXIT WHEN feigned;
                FOR q IN
                    SELECT x.position, x.item_id, x.remaining, i.version FROM (
                        SELECT y.position FROM dispatch_queue y WHERE y.stratum_id = sub.stratum_id AND y.position > sub.position AND y.remaining > 0
                          AND y.batch_id NOT IN (SELECT b.batch_id FROM dispatch_paused_batch b) ORDER BY y.position LIMIT 200
                    ) w JOIN dispatch_queue x ON x.stratum_id = sub.stratum_id AND x.position = w.position JOIN corpus_item i ON i.id = x.item_id
                    WHERE x.remaining > 0 AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = x.item_id AND a.person_id + 0 = p_person AND a.revision = 0 OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = p_person AND l.item_id = x.item_id OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM annotation_skipped z WHERE z.item_id = x.item_id AND z.person_id + 0 = p_person OFFSET 0)
                    ORDER BY w.position LIMIT 1
                LOOP
                    SELECT min(y.position) INTO v_hole FROM dispatch_queue y
                    WHERE y.stratum_id = sub.stratum_id AND y.position > sub.position AND y.position <= q.position AND y.remaining > 0
                      AND y.batch_id NOT IN (SELECT b.batch_id FROM dispatch_paused_batch b)
                      AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = y.item_id AND a.person_id + 0 = p_person AND a.revision = 0 OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = p_person AND l.item_id = y.item_id OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM annotation_skipped z WHERE z.item_id = y.item_id AND z.person_id + 0 = p_person OFFSET 0);
                    feigned := true;
                END LOOP;
            END LOOP;
        END IF;
        got := 0;
        FOR sub IN
            SELECT s.lane, s.stratum_id, s.position, t.severity, t.reserve_ms FROM dispatch_subscription s JOIN dispatch_stratum t ON t.id = s.stratum_id
            WHERE s.person_id = p_person AND s.project_id = p_project AND s.until > p_now
              AND ((wants_gold AND s.lane = -1) OR (NOT wants_gold AND s.lane >= 0))
              AND EXISTS (SELECT 1 FROM dispatch_queue x WHERE x.stratum_id = s.stratum_id AND x.position > s.position)
            ORDER BY s.lane, hashint8extended(s.stratum_id, p.served)
        LOOP
            EXIT WHEN got = goal;
            room := goal - got;
            IF sub.severity >= 2 THEN room := least(room, (p.cap2 - p.used2 - p.reserved2) / sub.reserve_ms); END IF;
            IF sub.severity >= 3 THEN room := least(room, (p.cap3 - p.used3 - p.reserved3) / sub.reserve_ms); END IF;
            IF sub.severity >= 4 THEN room := least(room, (p.cap4 - p.used4 - p.reserved4) / sub.reserve_ms); END IF;
            IF p_now - p.last_active >= (CASE WHEN p.peak >= 4 THEN p.pause4_ms ELSE p.pause_ms END) THEN
                elapsed := 0;
            ELSE
                elapsed := greatest(0, p_now - p.stretch_since);
            END IF;
            room := least(room, (
                CASE WHEN sub.severity >= 4 THEN p.limit4 WHEN sub.severity = 3 THEN p.limit3 WHEN sub.severity = 2 THEN p.limit2 ELSE p.limit0 END
                - elapsed - p.reserved) / sub.reserve_ms);
            CONTINUE WHEN room <= 0;
            v_from := sub.position;
            FOR step IN 1..10 LOOP
                v_last := NULL;
                FOR q IN
                    SELECT x.position, x.item_id, x.remaining, i.version FROM (
                        SELECT y.position FROM dispatch_queue y WHERE y.stratum_id = sub.stratum_id AND y.position > v_from AND y.remaining > 0
                          AND y.batch_id NOT IN (SELECT b.batch_id FROM dispatch_paused_batch b) ORDER BY y.position LIMIT 200
                    ) w JOIN dispatch_queue x ON x.stratum_id = sub.stratum_id AND x.position = w.position JOIN corpus_item i ON i.id = x.item_id
                    WHERE x.remaining > 0 AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = x.item_id AND a.person_id + 0 = p_person AND a.revision = 0 OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = p_person AND l.item_id = x.item_id OFFSET 0)
                      AND NOT EXISTS (SELECT 1 FROM annotation_skipped z WHERE z.item_id = x.item_id AND z.person_id + 0 = p_person OFFSET 0)
                    ORDER BY w.position LIMIT room FOR UPDATE OF x SKIP LOCKED
                LOOP
                    -- an item may stand in one lane twice, and the query above ran before the first of them was leased
                    CONTINUE WHEN EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = p_person AND l.item_id = q.item_id);
                    items := items || q.item_id;
                    moves := moves || (NOT wants_gold)::int;
                    IF j.gold THEN
                        -- A gold row counts up. The row of a last slot stays, empty, until the sweep: a deletion takes another time than an update.
                        UPDATE dispatch_queue SET remaining = remaining + CASE WHEN wants_gold THEN 1 ELSE -1 END
                        WHERE stratum_id = sub.stratum_id AND position = q.position;
                        INSERT INTO dispatch_spent (stratum_id, position) VALUES (sub.stratum_id, q.position);
                    ELSIF q.remaining = 1 THEN
                        DELETE FROM dispatch_queue WHERE stratum_id = sub.stratum_id AND position = q.position;
                    ELSE
                        UPDATE dispatch_queue SET remaining = remaining - 1 WHERE stratum_id = sub.stratum_id AND position = q.position;
                    END IF;
                    k := k + 1;
                    got := got + 1;
                    room := room - 1;
                    p.served := p.served + 1;
                    INSERT INTO dispatch_lease (public_id, person_id, item_id, project_id, stratum_id, schema_id, item_version, serve, issued, expires,
                                                severity, reserved_ms, gold)
                    VALUES (p_ids[k], p_person, q.item_id, p_project, sub.stratum_id, j.schema_id, q.version, p.served, p_now, p_now + j.lease_ms,
                            sub.severity, sub.reserve_ms, wants_gold);
                    IF p_now - p.last_active >= (CASE WHEN p.peak >= 4 THEN p.pause4_ms ELSE p.pause_ms END) THEN
                        p.stretch_since := p_now; p.last_active := p_now; p.peak := 0;
                    END IF;
                    p.peak := greatest(p.peak, sub.severity);
                    p.reserved := p.reserved + sub.reserve_ms;
                    IF sub.severity >= 2 THEN p.reserved2 := p.reserved2 + sub.reserve_ms; END IF;
                    IF sub.severity >= 3 THEN p.reserved3 := p.reserved3 + sub.reserve_ms; END IF;
                    IF sub.severity >= 4 THEN p.reserved4 := p.reserved4 + sub.reserve_ms; END IF;
                    v_last := q.position;
                END LOOP;
                IF room > 0 THEN
                    SELECT count(*), max(w.position) INTO scanned, v_end FROM (
                        SELECT y.position FROM dispatch_queue y WHERE y.stratum_id = sub.stratum_id AND y.position > v_from AND y.remaining > 0
                          AND y.batch_id NOT IN (SELECT b.batch_id FROM dispatch_paused_batch b) ORDER BY y.position LIMIT 200) w;
                    v_end := greatest(v_end, v_last);
                ELSE
                    scanned := 0;
                    v_end := v_last;
                END IF;
                EXIT WHEN v_end IS NULL;
                -- Rows that others hold locked were skipped, not seen: the reader stays before the first of them, or the last items of a
                -- small team would starve.
                SELECT min(y.position) INTO v_hole FROM dispatch_queue y
                WHERE y.stratum_id = sub.stratum_id AND y.position > v_from AND y.position <= v_end AND y.remaining > 0
                  AND y.batch_id NOT IN (SELECT b.batch_id FROM dispatch_paused_batch b)
                  AND NOT EXISTS (SELECT 1 FROM annotation_annotation a WHERE a.item_id = y.item_id AND a.person_id + 0 = p_person AND a.revision = 0 OFFSET 0)
                  AND NOT EXISTS (SELECT 1 FROM dispatch_lease l WHERE l.person_id = p_person AND l.item_id = y.item_id OFFSET 0)
                  AND NOT EXISTS (SELECT 1 FROM annotation_skipped z WHERE z.item_id = y.item_id AND z.person_id + 0 = p_person OFFSET 0);
                v_from := coalesce(v_hole - 1, v_end);
                EXIT WHEN room <= 0 OR v_hole IS NOT NULL OR scanned < 200;
            END LOOP;
            IF v_from <> sub.position THEN
                UPDATE dispatch_subscription SET position = v_from
                WHERE person_id = p_person AND project_id = p_project AND lane = sub.lane AND stratum_id = sub.stratum_id;
            END IF;
        END LOOP;
        need := need - got;
        IF wants_gold AND got = 0 THEN
            not_gold_at := p.served + 1;
        ELSIF got < goal THEN
            EXIT;
        END IF;
    END LOOP;
    IF k > 0 THEN
        UPDATE dispatch_person SET served = p.served, reserved = p.reserved, reserved2 = p.reserved2, reserved3 = p.reserved3, reserved4 = p.reserved4,
            stretch_since = p.stretch_since, last_active = p.last_active, peak = p.peak WHERE person_id = p_person;
    END IF;
    IF array_length(items, 1) > 0 THEN
        INSERT INTO dispatch_counter AS c (project_id, language, shard, items, complete, waiting, leased, done, surplus, skipped, writes)
        SELECT p_project, g.language, p_person % 16, 0, 0, -sum(u.moved), sum(u.moved), 0, 0, 0, 1
        FROM unnest(items, moves) AS u(item, moved) JOIN dispatch_progress g ON g.item_id = u.item GROUP BY g.language ORDER BY g.language
        ON CONFLICT ON CONSTRAINT dispatch_counter_pkey DO UPDATE SET waiting = c.waiting + excluded.waiting, leased = c.leased + excluded.leased, writes = c.writes + 1;
    END IF;
    IF p_now - p.last_active >= (CASE WHEN p.peak >= 4 THEN p.pause4_ms ELSE p.pause_ms END) THEN
        elapsed := 0;
    ELSE
        elapsed := greatest(0, p_now - p.stretch_since);
    END IF;
    break_in := greatest(0, CASE WHEN p.peak >= 4 THEN p.limit4 WHEN p.peak = 3 THEN p.limit3 WHEN p.peak = 2 THEN p.limit2 ELSE p.limit0 END - elapsed) / 1000;
    IF held + k = 0 THEN
        RETURN QUERY SELECT 'ok'::text, p.today, break_in, NULL::text, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::smallint, NULL::text, NULL::text;
        RETURN;
    END IF;
    RETURN QUERY
        SELECT 'ok'::text, p.today, break_in, l.public_id::text, l.schema_id, l.expires, l.serve, t.language::text, l.severity, i.hazards::text,
               coalesce((SELECT v.content FROM corpus_itemversion v WHERE v.item_id = l.item_id AND v.number = l.item_version), i.content)
        FROM dispatch_lease l JOIN dispatch_stratum t ON t.id = l.stratum_id JOIN corpus_item i ON i.id = l.item_id
        WHERE l.person_id = p_person AND l.project_id = p_project ORDER BY l.serve;
END $$
"""

SUBMIT = r"""
CREATE OR REPLACE FUNCTION dispatch_submit(
    p_person bigint, p_epoch bigint, p_lease text, p_now bigint, p_at timestamptz, p_annotation text, p_key text, p_hash text, p_answers text,
    p_active int, p_visible boolean, p_served text
) RETURNS TABLE (state text, today int) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    p dispatch_person%ROWTYPE;
    l dispatch_lease%ROWTYPE;
    g dispatch_progress%ROWTYPE;
    used bigint;
    begins bigint;
    is_rested boolean;
    work int;
BEGIN
    SELECT * INTO p FROM dispatch_person WHERE person_id = p_person FOR UPDATE;
    IF NOT FOUND OR p.epoch <> p_epoch THEN
        RETURN QUERY SELECT 'outdated'::text, 0;
        RETURN;
    END IF;
    IF p.day_ends <= p_now THEN
        RETURN QUERY SELECT 'tidy'::text, 0;
        RETURN;
    END IF;
    DELETE FROM dispatch_lease WHERE public_id = p_lease AND person_id = p_person RETURNING * INTO l;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'otherwise'::text, p.today;
        RETURN;
    END IF;
    -- Gold is answered by the same statements, so that it takes the time of any other answer; what it counts up nobody reads.
    UPDATE dispatch_progress SET done = done + 1 WHERE item_id = l.item_id RETURNING * INTO g;
    work := (NOT l.gold)::int;
    used := least(p_active, greatest(0, l.expires - l.issued));
    begins := p_now - used;
    is_rested := begins - p.last_active >= (CASE WHEN p.peak >= 4 THEN p.pause4_ms ELSE p.pause_ms END);
    INSERT INTO annotation_annotation (public_id, project_id, item_id, item_version, person_id, revision, key, body_hash, guideline_version_id, answers,
        language, lease, leased_at, submitted_at, active_ms, suggestion_visible, served, source, counted, gold)
    VALUES (p_annotation, l.project_id, l.item_id, l.item_version, p_person, 0, p_key, p_hash, l.schema_id, p_answers, g.language, p_lease,
        to_timestamp(l.issued / 1000.0), p_at, p_active, p_visible, p_served, 'live', true, l.gold);
    UPDATE dispatch_person SET
        today = p.today + 1,
        reserved = p.reserved - l.reserved_ms,
        used2 = p.used2 + CASE WHEN l.severity >= 2 THEN used ELSE 0 END, reserved2 = p.reserved2 - CASE WHEN l.severity >= 2 THEN l.reserved_ms ELSE 0 END,
        used3 = p.used3 + CASE WHEN l.severity >= 3 THEN used ELSE 0 END, reserved3 = p.reserved3 - CASE WHEN l.severity >= 3 THEN l.reserved_ms ELSE 0 END,
        used4 = p.used4 + CASE WHEN l.severity >= 4 THEN used ELSE 0 END, reserved4 = p.reserved4 - CASE WHEN l.severity >= 4 THEN l.reserved_ms ELSE 0 END,
        peak = CASE WHEN is_rested THEN l.severity ELSE greatest(p.peak, l.severity) END,
        stretch_since = CASE WHEN is_rested THEN begins ELSE p.stretch_since END,
        last_active = greatest(p.last_active, p_now)
    WHERE person_id = p_person;
    INSERT INTO dispatch_counter AS c (project_id, language, shard, items, complete, waiting, leased, done, surplus, skipped, writes)
    VALUES (l.project_id, g.language, p_person % 16, 0, work * (g.done = g.target)::int, 0, -work, work, 0, 0, 1)
    ON CONFLICT ON CONSTRAINT dispatch_counter_pkey DO UPDATE SET
        complete = c.complete + excluded.complete, leased = c.leased - work, done = c.done + work, writes = c.writes + 1;
    RETURN QUERY SELECT 'counted'::text, p.today + 1;
END $$
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NEXT, None)
        schema_editor.execute(SUBMIT, None)


def restore(apps, schema_editor):
    """Bury what is spent, which the earlier functions would serve again, and bring those back."""
    schema_editor.execute(
        "DELETE FROM dispatch_queue WHERE remaining = 0 AND EXISTS "
        "(SELECT 1 FROM dispatch_spent e WHERE e.stratum_id = dispatch_queue.stratum_id AND e.position = dispatch_queue.position)",
        None,
    )
    if schema_editor.connection.vendor == "postgresql":
        earlier = import_module("isogloss.dispatch.migrations.0002_functions")
        for function in (earlier.NEXT, earlier.SUBMIT):
            schema_editor.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), None)


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_functions")]

    operations = [
        # Django would make SQLite's table anew, and no longer clustered by its key.
        migrations.RunSQL(
            "ALTER TABLE dispatch_counter ADD COLUMN writes bigint DEFAULT 0 NOT NULL",
            "ALTER TABLE dispatch_counter DROP COLUMN writes",
            state_operations=[migrations.AddField(model_name="counter", name="writes", field=models.BigIntegerField(db_default=0))],
        ),
        migrations.CreateModel(
            name="SpentRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stratum_id", models.BigIntegerField()),
                ("position", models.BigIntegerField()),
            ],
            options={"db_table": "dispatch_spent"},
        ),
        migrations.RunPython(make, restore),
    ]
