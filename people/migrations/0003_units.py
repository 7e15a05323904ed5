# The text that said by which paper a household counts becomes basis_document; the basis itself is a choice now.

import django.db.models.deletion
import django.utils.timezone
import people.folding
import people.models.organisation
import people.tax_code
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_sign_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='RepresentationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('household', 'Hộ gia đình'), ('cooperative', 'Hợp tác xã'), ('enterprise', 'Doanh nghiệp')], max_length=12, verbose_name='học cho')),
                ('name', models.CharField(max_length=255, verbose_name='tên chủ hộ, hợp tác xã hoặc doanh nghiệp')),
                ('code', models.CharField(blank=True, max_length=32, verbose_name='số hộ hoặc mã số thuế')),
                ('place', models.CharField(blank=True, max_length=255, verbose_name='nơi ở hoặc trụ sở')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='gửi lúc')),
                ('state', models.CharField(choices=[('waiting', 'Chờ xác nhận'), ('confirmed', 'Đã xác nhận'), ('refused', 'Không được xác nhận')], default='waiting', max_length=9, verbose_name='tình trạng')),
                ('answer', models.CharField(blank=True, max_length=255, verbose_name='trả lời')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='trả lời lúc')),
            ],
            options={
                'verbose_name': 'đề nghị học thay',
                'verbose_name_plural': 'đề nghị học thay',
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='UnitAgency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='từ ngày')),
                ('until', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
            ],
            options={
                'verbose_name': 'cơ quan phụ trách địa bàn',
                'verbose_name_plural': 'cơ quan phụ trách địa bàn',
                'ordering': ['unit', '-since'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitAttribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='từ ngày')),
                ('until', models.DateField(blank=True, null=True, verbose_name='đến hết ngày')),
                ('kind', models.CharField(choices=[('zone', 'Xã theo trình độ phát triển'), ('hardship', 'Thôn đặc biệt khó khăn'), ('minority_area', 'Vùng đồng bào dân tộc thiểu số'), ('mountain_area', 'Miền núi'), ('border', 'Xã biên giới'), ('region', 'Vùng kinh tế – xã hội')], max_length=16, verbose_name='thuộc tính')),
                ('value', models.CharField(blank=True, max_length=16, verbose_name='giá trị')),
                ('document', models.CharField(max_length=200, verbose_name='văn bản')),
            ],
            options={
                'verbose_name': 'thuộc tính của địa bàn',
                'verbose_name_plural': 'thuộc tính của địa bàn',
                'ordering': ['unit', 'kind', 'since'],
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='unit',
            options={'ordering': ['code', 'valid_from'], 'permissions': [('settle_unit', 'Xếp người của đơn vị cũ vào đơn vị mới')], 'verbose_name': 'đơn vị hành chính', 'verbose_name_plural': 'đơn vị hành chính'},
        ),
        migrations.RenameField(model_name='household', old_name='basis', new_name='basis_document'),
        migrations.AlterField(
            model_name='household',
            name='basis_document',
            field=models.CharField(blank=True, help_text='Ví dụ: danh sách kèm Quyết định số 12/QĐ-UBND ngày 05/01/2026; giấy chứng nhận đăng ký.', max_length=255, verbose_name='văn bản, giấy tờ'),
        ),
        migrations.AddField(
            model_name='household',
            name='code',
            field=models.CharField(blank=True, max_length=32, verbose_name='số hộ, mã hộ'),
        ),
        migrations.AddField(
            model_name='household',
            name='head',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='headed_households', to=settings.AUTH_USER_MODEL, verbose_name='chủ hộ có tài khoản'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='basis',
            field=models.CharField(blank=True, choices=[('list', 'Có tên trong danh sách được cơ quan có thẩm quyền phê duyệt'), ('head', 'Chủ doanh nghiệp, giám đốc hoặc chủ tịch hội đồng quản trị là người dân tộc thiểu số'), ('capital', 'Người dân tộc thiểu số góp trên một nửa vốn điều lệ'), ('members', 'Trên một nửa thành viên hợp tác xã là người dân tộc thiểu số'), ('workers', 'Trên một nửa lao động là người dân tộc thiểu số')], max_length=12, verbose_name='căn cứ xác định'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='basis_document',
            field=models.CharField(blank=True, help_text='Ví dụ: danh sách kèm Quyết định số 12/QĐ-UBND ngày 05/01/2026; giấy chứng nhận đăng ký.', max_length=255, verbose_name='văn bản, giấy tờ'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='tax_code',
            field=people.models.organisation.TaxCodeField(blank=True, max_length=14, null=True, unique=True, validators=[people.tax_code.validate_tax_code], verbose_name='mã số thuế'),
        ),
        migrations.AddField(
            model_name='household',
            name='basis',
            field=models.CharField(blank=True, choices=[('list', 'Có tên trong danh sách được cơ quan có thẩm quyền phê duyệt'), ('head', 'Chủ hộ là người dân tộc thiểu số'), ('spouse', 'Vợ hoặc chồng của chủ hộ là người dân tộc thiểu số')], max_length=12, verbose_name='căn cứ xác định'),
        ),
        migrations.AlterField(
            model_name='household',
            name='ethnic_minority',
            field=models.BooleanField(default=False, verbose_name='của người dân tộc thiểu số'),
        ),
        migrations.AlterField(
            model_name='household',
            name='search_key',
            field=people.folding.SearchKeyField(default='', editable=False, max_length=600, sources=('name', 'code')),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='search_key',
            field=people.folding.SearchKeyField(default='', editable=False, max_length=600, sources=('name', 'tax_code')),
        ),
        migrations.AddIndex(
            model_name='household',
            index=models.Index(fields=['name', 'id'], name='people_household_by_name'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['name', 'id'], name='people_organisation_by_name'),
        ),
        migrations.AddField(
            model_name='representationrequest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subject_requests', to=settings.AUTH_USER_MODEL, verbose_name='người'),
        ),
        migrations.AddField(
            model_name='representationrequest',
            name='representation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='requests', to='people.representation'),
        ),
        migrations.AddField(
            model_name='representationrequest',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='địa bàn'),
        ),
        migrations.AddField(
            model_name='unitagency',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unit_agencies', to='people.organisation', verbose_name='cơ quan phụ trách'),
        ),
        migrations.AddField(
            model_name='unitagency',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='people.unit', verbose_name='địa bàn'),
        ),
        migrations.AddField(
            model_name='unitattribute',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attributes', to='people.unit', verbose_name='địa bàn'),
        ),
        migrations.AddIndex(
            model_name='representationrequest',
            index=models.Index(fields=['state', 'asked_at'], name='people_request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='unitagency',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='people_unitagency_until_after_since'),
        ),
        migrations.AddConstraint(
            model_name='unitagency',
            constraint=models.UniqueConstraint(fields=('unit', 'since'), name='people_unitagency_once'),
        ),
        migrations.AddIndex(
            model_name='unitattribute',
            index=models.Index(fields=['kind', 'value', 'since'], name='people_attribute_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='unitattribute',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='people_unitattribute_until_after_since'),
        ),
        migrations.AddConstraint(
            model_name='unitattribute',
            constraint=models.UniqueConstraint(fields=('unit', 'kind', 'since'), name='people_unitattribute_once'),
        ),
    ]
