from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0003_reference_versions'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['created'], name='submission_created'),
        ),
    ]
