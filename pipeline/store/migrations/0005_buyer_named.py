import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0004_submission_created'),
    ]

    operations = [
        migrations.CreateModel(
            name='BuyerNamed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='buyers', to='store.submission')),
            ],
            options={
                'indexes': [models.Index(fields=['name'], name='buyer_name')],
                'constraints': [models.UniqueConstraint(fields=('submission', 'name'), name='one_buyer')],
            },
        ),
    ]
