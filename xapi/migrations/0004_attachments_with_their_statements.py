import django.db.models.deletion
import django.utils.timezone
import orjson
from django.db import migrations, models


def link(apps, schema_editor):
    """Who named a file without a fileUrl was taken only with the file. With one it cannot be told, and the URL is left."""
    Attachment = apps.get_model('xapi', 'Attachment')
    Link = apps.get_model('xapi', 'StatementAttachment')
    files = dict(Attachment.objects.values_list('sha2', 'pk'))
    rows = apps.get_model('xapi', 'Statement').objects.order_by('pk').values_list('pk', 'body')
    last = 0
    while files and (some := list(rows.filter(pk__gt=last)[:1000])):
        pairs = {
            (pk, files[each['sha2'].lower()])
            for pk, body in some
            if b'"attachments"' in bytes(body)
            for each in said(orjson.loads(body))
            if 'fileUrl' not in each and each['sha2'].lower() in files
        }
        Link.objects.bulk_create([Link(statement_id=pk, attachment_id=file) for pk, file in sorted(pairs)])
        last = some[-1][0]


def said(statement):
    return [*statement.get('attachments', []), *statement['object'].get('attachments', [])]


class Migration(migrations.Migration):

    dependencies = [
        ("xapi", "0003_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='complete',
            field=models.BooleanField(default=True, help_text='true from the commit of the first statement with it on'),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='complete',
            field=models.BooleanField(default=False, help_text='true from the commit of the first statement with it on'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='begun_at',
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='attachment',
            name='sha2',
            field=models.CharField(help_text='hexadecimal', max_length=128),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(condition=models.Q(('complete', True)), fields=('sha2',), name='xapi_attachment_once'),
        ),
        migrations.CreateModel(
            name='StatementAttachment',
            fields=[
                ('pk', models.CompositePrimaryKey('statement_id', 'attachment_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='xapi.attachment')),
                ('statement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='xapi.statement')),
            ],
        ),
        migrations.RunPython(link, migrations.RunPython.noop),
    ]
