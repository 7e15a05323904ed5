import django.db.models.deletion
import orjson
import people.folding
from django.db import migrations, models

from xapi.activities import search_key


def fill_search_keys(apps, editor):
    """What activities.learn writes from now on."""
    activity = apps.get_model("xapi", "Activity")
    last = None
    while True:
        rows = activity.objects.order_by("key") if last is None else activity.objects.order_by("key").filter(key__gt=last)
        some = list(rows[:500])
        if not some:
            return
        for row in some:
            row.search_key = search_key(row.iri, orjson.loads(row.definition))
        activity.objects.bulk_update(some, ["search_key"])
        last = some[-1].key


class Migration(migrations.Migration):

    dependencies = [
        ('xapi', '0006_forwarding'),
    ]

    operations = [
        migrations.CreateModel(
            name='ActorsGathered',
            fields=[
                ('credential', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='xapi.credential')),
                ('through', models.BigIntegerField(default=0, help_text='primary key of the last statement looked at')),
            ],
        ),
        migrations.CreateModel(
            name='ForeignActor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField(help_text='xapi.keys.agent of the identifier as it is spelled', unique=True)),
                ('identity', models.BigIntegerField(db_index=True, help_text='the same of the identifier in one spelling')),
                ('kind', models.CharField(choices=[('mbox', 'mbox'), ('mbox_sha1sum', 'mbox_sha1sum'), ('openid', 'openid'), ('account', 'account')], max_length=13)),
                ('home_page', models.CharField(blank=True, max_length=500)),
                ('value', models.CharField(max_length=500)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='tên được gửi kèm')),
                ('statements', models.PositiveBigIntegerField(default=0, help_text='how many have been seen, voided later or not')),
                ('first', models.BigIntegerField(help_text='primary key of the first statement seen, so its time')),
                ('last', models.BigIntegerField(help_text='primary key of the last statement seen')),
                ('state', models.CharField(choices=[('waiting', 'Chưa rõ là ai'), ('attached', 'Đã rõ là ai'), ('ignored', 'Đã bỏ qua')], default='waiting', max_length=8)),
                ('search_key', people.folding.SearchKeyField(default='', editable=False, max_length=600, sources=('name', 'value'))),
            ],
            options={
                'verbose_name': 'định danh ngoài',
                'verbose_name_plural': 'định danh ngoài',
            },
        ),
        migrations.AddField(
            model_name='activity',
            name='search_key',
            field=models.TextField(default='', help_text='names and IRI for people.folding.matches'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(condition=models.Q(('voided', True)), fields=['id'], name='xapi_statement_voided'),
        ),
        migrations.AddField(
            model_name='foreignactor',
            name='credential',
            field=models.ForeignKey(db_index=False, help_text='the last that spoke of it', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='xapi.credential'),
        ),
        migrations.AddIndex(
            model_name='foreignactor',
            index=models.Index(fields=['state', '-last'], name='xapi_foreignactor_list'),
        ),
        migrations.RunPython(fill_search_keys, migrations.RunPython.noop, elidable=True),
    ]
