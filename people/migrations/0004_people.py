import django.db.models.deletion
import people.folding
import people.models.user
from django.conf import settings
from django.db import migrations, models

from core.folding import fold


def say_into_whom(apps, schema_editor):
    """A merge of before knew only who stands for the account: that is whom it was merged into."""
    account = apps.get_model("people", "User").objects.filter(uuid=models.OuterRef("uuid")).values("pk")
    aliases = apps.get_model("people", "UserAlias").objects
    aliases.filter(into=None).update(into=models.F("person"), account=models.Subquery(account))


def fill_name_keys(apps, schema_editor):
    """By key, in batches."""
    people = apps.get_model("people", "User").objects.order_by("pk")
    last = 0
    while batch := list(people.filter(pk__gt=last).only("pk", "full_name")[:1000]):
        for person in batch:
            person.name_key = fold(person.full_name)[:160].strip()
        people.bulk_update(batch, ["name_key"])
        last = batch[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('people', '0003_units'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='gửi lúc')),
                ('state', models.CharField(choices=[('waiting', 'Chờ xử lý'), ('done', 'Đã xóa'), ('refused', 'Không xóa'), ('withdrawn', 'Người học rút lại')], default='waiting', max_length=9, verbose_name='trạng thái')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='lý do không xóa')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='trả lời lúc')),
                ('decided_by', models.UUIDField(blank=True, help_text='the uuid of who decided', null=True)),
            ],
            options={
                'verbose_name': 'yêu cầu xóa dữ liệu',
                'verbose_name_plural': 'yêu cầu xóa dữ liệu',
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='actoridentifier',
            name='hidden',
            field=models.BooleanField(default=False, help_text='value is a keyed hash, since the person was erased'),
        ),
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='the row was emptied then', null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='ethnic_group',
            field=people.models.user.EthnicGroupField(blank=True, max_length=2, verbose_name='dân tộc'),
        ),
        migrations.AddField(
            model_name='user',
            name='languages',
            field=people.models.user.SpokenLanguagesField(blank=True, default=list, verbose_name='các ngôn ngữ nói được'),
        ),
        migrations.AddField(
            model_name='user',
            name='name_key',
            field=people.folding.SearchKeyField(default='', editable=False, max_length=160, sources=('full_name',)),
        ),
        migrations.AddField(
            model_name='user',
            name='national_id_key',
            field=models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='user',
            name='national_id_sealed',
            field=models.TextField(blank=True, editable=False, help_text='encrypted; see people.national_id'),
        ),
        migrations.AddField(
            model_name='useralias',
            name='account',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='merged_as', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='useralias',
            name='into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(say_into_whom, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='useralias',
            name='into',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(fill_name_keys, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name='useralias',
            name='merged_by',
            field=models.UUIDField(blank=True, help_text='the uuid of who merged', null=True),
        ),
        migrations.AddField(
            model_name='useralias',
            name='taken_over',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='useralias',
            name='was_active',
            field=models.BooleanField(default=False, help_text='whether the merged account was open before'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['unit', 'birth_year', 'name_key'], name='people_user_duplicates'),
        ),
        migrations.AddField(
            model_name='erasurerequest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erasure_requests', to=settings.AUTH_USER_MODEL, verbose_name='người'),
        ),
        migrations.AddConstraint(
            model_name='erasurerequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('person',), name='people_erasurerequest_one_waiting'),
        ),
    ]
