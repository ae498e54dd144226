from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, schema_editor: Any) -> None:
    """Who made the last decision that stands."""
    case, decided = apps.get_model('review', 'Case'), apps.get_model('review', 'Decided')
    standing = decided.objects.filter(case=OuterRef('pk'), undoes__isnull=True, undone_by__isnull=True).order_by('-number')
    case.objects.update(last_by=Subquery(standing.values('by')[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0007_papers_and_withdrawn'),
        ('store', '0004_submission_created'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='last_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
