from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0003_needs_reserve_their_money")]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("need", "采购公告"),
                    ("cancelled", "终止公告"),
                    ("failed", "流标公告"),
                    ("award", "中选公告"),
                    ("contract", "合同公告"),
                    ("suspended", "暂停公告"),
                    ("resumed", "恢复公告"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "source",
                    models.CharField(help_text='what it follows from, such as "complaint:5"', max_length=60),
                ),
                ("lifted_at", models.DateTimeField(help_text="set when it is over, by its end too", null=True)),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="marketplace.need",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + timedelta(days=30)),
                        name="suspension_ends",
                    ),
                    models.UniqueConstraint(fields=["need"], condition=Q(lifted_at=None), name="suspended_once"),
                ],
            },
        ),
    ]
