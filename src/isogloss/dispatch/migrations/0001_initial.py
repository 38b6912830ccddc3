"""Tables of the queue and its readers."""

from django.db import migrations, models


class CreateHot(migrations.CreateModel):
    """A table clustered by its key (SQLite: WITHOUT ROWID) or with room in its pages for updates in place (PostgreSQL: fillfactor)."""

    def __init__(self, name, fields, *, clustered, fillfactor, **options):
        super().__init__(name, fields, **options)
        self.clustered, self.fillfactor = clustered, fillfactor

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.name)
        if schema_editor.connection.vendor == "sqlite" and self.clustered:
            sql, params = schema_editor.table_sql(model)
            schema_editor.execute(sql + " WITHOUT ROWID", params or None)
            schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(model))
            return
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        if schema_editor.connection.vendor == "postgresql" and self.fillfactor < 100:
            schema_editor.execute(f"ALTER TABLE {model._meta.db_table} SET (fillfactor = {self.fillfactor})")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateHot(
            clustered=True,
            fillfactor=100,
            name='Consent',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'hazard', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('hazard', models.CharField(max_length=64)),
                ('severity', models.SmallIntegerField()),
                ('until', models.BigIntegerField(db_default=9007199254740992)),
            ],
        ),
        CreateHot(
            clustered=True,
            fillfactor=50,
            name='Counter',
            fields=[
                ('pk', models.CompositePrimaryKey('project_id', 'language', 'shard', blank=True, editable=False, primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
                ('language', models.CharField(max_length=35)),
                ('shard', models.SmallIntegerField()),
                ('items', models.BigIntegerField(db_default=0)),
                ('complete', models.BigIntegerField(db_default=0)),
                ('waiting', models.BigIntegerField(db_default=0)),
                ('leased', models.BigIntegerField(db_default=0)),
                ('done', models.BigIntegerField(db_default=0)),
                ('surplus', models.BigIntegerField(db_default=0)),
                ('skipped', models.BigIntegerField(db_default=0)),
            ],
        ),
        CreateHot(
            clustered=False,
            fillfactor=50,
            name='DispatchPerson',
            fields=[
                ('person_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('epoch', models.BigIntegerField(db_default=1)),
                ('held', models.BooleanField(db_default=False)),
                ('zone', models.CharField(db_default='', max_length=64)),
                ('day', models.IntegerField(db_default=0)),
                ('day_ends', models.BigIntegerField(db_default=0)),
                ('served', models.BigIntegerField(db_default=0)),
                ('today', models.IntegerField(db_default=0)),
                ('active_days', models.IntegerField(db_default=0)),
                ('gold_share', models.IntegerField(db_default=1000)),
                ('gold_answers', models.IntegerField(db_default=0)),
                ('gold_right', models.IntegerField(db_default=0)),
                ('open_severity', models.SmallIntegerField(db_default=2)),
                ('stretch_since', models.BigIntegerField(db_default=0)),
                ('last_active', models.BigIntegerField(db_default=0)),
                ('peak', models.SmallIntegerField(db_default=0)),
                ('reserved', models.BigIntegerField(db_default=0)),
                ('used2', models.BigIntegerField(db_default=0)),
                ('used3', models.BigIntegerField(db_default=0)),
                ('used4', models.BigIntegerField(db_default=0)),
                ('reserved2', models.BigIntegerField(db_default=0)),
                ('reserved3', models.BigIntegerField(db_default=0)),
                ('reserved4', models.BigIntegerField(db_default=0)),
                ('cap2', models.BigIntegerField(db_default=21600000)),
                ('cap3', models.BigIntegerField(db_default=14400000)),
                ('cap4', models.BigIntegerField(db_default=7200000)),
                ('limit0', models.BigIntegerField(db_default=5400000)),
                ('limit2', models.BigIntegerField(db_default=3600000)),
                ('limit3', models.BigIntegerField(db_default=2700000)),
                ('limit4', models.BigIntegerField(db_default=1800000)),
                ('pause_ms', models.BigIntegerField(db_default=600000)),
                ('pause4_ms', models.BigIntegerField(db_default=900000)),
            ],
            options={
                'db_table': 'dispatch_person',
            },
        ),
        migrations.CreateModel(
            name='DispatchProject',
            fields=[
                ('project_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('paused', models.BooleanField(db_default=False)),
                ('schema_id', models.BigIntegerField()),
                ('lease_ms', models.BigIntegerField(db_default=1800000)),
                ('gold', models.BooleanField(db_default=False)),
                ('timed_until', models.BigIntegerField(db_default=0)),
            ],
            options={
                'db_table': 'dispatch_project',
            },
        ),
        CreateHot(
            clustered=True,
            fillfactor=100,
            name='EndedLease',
            fields=[
                ('public_id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('item_id', models.BigIntegerField()),
                ('project_id', models.BigIntegerField()),
                ('stratum_id', models.BigIntegerField()),
                ('schema_id', models.BigIntegerField()),
                ('item_version', models.IntegerField()),
                ('serve', models.BigIntegerField()),
                ('issued', models.BigIntegerField()),
                ('expires', models.BigIntegerField()),
                ('severity', models.SmallIntegerField()),
                ('reserved_ms', models.IntegerField()),
                ('gold', models.BooleanField()),
                ('how', models.CharField(choices=[('expired', 'Expired'), ('skipped', 'Skipped'), ('returned', 'Returned'), ('paused', 'Paused'), ('recalled', 'Recalled'), ('reassigned', 'Reassigned'), ('superseded', 'Superseded')], max_length=12)),
                ('ended', models.BigIntegerField()),
            ],
            options={
                'db_table': 'dispatch_lease_ended',
            },
        ),
        CreateHot(
            clustered=True,
            fillfactor=100,
            name='Member',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'project_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('project_id', models.BigIntegerField()),
                ('reason', models.CharField(db_default='', max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name='PausedBatch',
            fields=[
                ('batch_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'dispatch_paused_batch',
            },
        ),
        CreateHot(
            clustered=False,
            fillfactor=85,
            name='Progress',
            fields=[
                ('item_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
                ('home_id', models.BigIntegerField()),
                ('language', models.CharField(max_length=35)),
                ('target', models.SmallIntegerField()),
                ('done', models.SmallIntegerField(db_default=0)),
                ('gold', models.BooleanField(db_default=False)),
                ('is_full', models.BooleanField(db_default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Timing',
            fields=[
                ('pk', models.CompositePrimaryKey('project_id', 'language', 'severity', blank=True, editable=False, primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
                ('language', models.CharField(max_length=35)),
                ('severity', models.SmallIntegerField()),
                ('answers', models.BigIntegerField(db_default=0)),
                ('bins', models.JSONField(default=list)),
            ],
        ),
        CreateHot(
            clustered=True,
            fillfactor=100,
            name='Lease',
            fields=[
                ('public_id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('item_id', models.BigIntegerField()),
                ('project_id', models.BigIntegerField()),
                ('stratum_id', models.BigIntegerField()),
                ('schema_id', models.BigIntegerField()),
                ('item_version', models.IntegerField()),
                ('serve', models.BigIntegerField()),
                ('issued', models.BigIntegerField()),
                ('expires', models.BigIntegerField()),
                ('severity', models.SmallIntegerField()),
                ('reserved_ms', models.IntegerField()),
                ('gold', models.BooleanField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person_id', 'item_id'), name='one_lease_per_person')],
            },
        ),
        CreateHot(
            clustered=True,
            fillfactor=85,
            name='QueueRow',
            fields=[
                ('pk', models.CompositePrimaryKey('stratum_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('stratum_id', models.BigIntegerField()),
                ('position', models.BigIntegerField()),
                ('item_id', models.BigIntegerField()),
                ('batch_id', models.BigIntegerField()),
                ('remaining', models.IntegerField()),
            ],
            options={
                'db_table': 'dispatch_queue',
                'indexes': [models.Index(fields=['item_id'], name='queue_by_item')],
            },
        ),
        CreateHot(
            clustered=False,
            fillfactor=50,
            name='Stratum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_id', models.BigIntegerField()),
                ('lane', models.IntegerField()),
                ('language', models.CharField(max_length=35)),
                ('severity', models.SmallIntegerField()),
                ('hazards', models.CharField(db_default='', max_length=200)),
                ('tail', models.BigIntegerField(db_default=0)),
                ('reserve_ms', models.IntegerField(db_default=60000)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project_id', 'language', 'severity', 'hazards', 'lane'), name='one_stratum_per_lane')],
            },
        ),
        CreateHot(
            clustered=True,
            fillfactor=60,
            name='Subscription',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'project_id', 'lane', 'stratum_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
                ('project_id', models.BigIntegerField()),
                ('lane', models.IntegerField()),
                ('stratum_id', models.BigIntegerField()),
                ('position', models.BigIntegerField(db_default=0)),
                ('until', models.BigIntegerField(db_default=9007199254740992)),
            ],
            options={
                'indexes': [models.Index(fields=['stratum_id'], name='subscriptions_by_stratum')],
            },
        ),
    ]
