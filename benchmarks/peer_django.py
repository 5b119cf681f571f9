"""The benchmark's step in Django with `django-fsm-2`: get the row, take a transition with two conditions, write a log row, save.

Both tables are written in one transaction, on SQLite in WAL with a full sync. Neither hashes, receipts nor evidence are kept.
"""

from __future__ import annotations

from itertools import cycle, islice
from pathlib import Path
from typing import Any

FACTS = {"summoned": 100, "present": 80, "elected": 60, "valid": 78}


class Django:
    """Units in a table."""

    def __init__(self, path: Path, units: int) -> None:
        self._unit, self._log, self._atomic = _models(path)
        self._unit.objects.bulk_create([self._unit(code=f"u-{number:05}", **FACTS) for number in range(units)], batch_size=500)
        self._next = cycle([f"u-{number:05}" for number in range(units)])

    def advance(self, times: int) -> None:
        for code in islice(self._next, times):
            with self._atomic():
                unit = self._unit.objects.get(pk=code)
                source = unit.state
                (unit.go if source == "here" else unit.come)()
                unit.version += 1
                self._log.objects.create(unit=code, version=unit.version, source=source, target=unit.state, actor=code)
                unit.save(update_fields=["state", "version"])


def _models(path: Path) -> tuple[Any, Any, Any]:
    """Django wants its settings before its models are declared."""
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(path),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        },
        INSTALLED_APPS=[],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django.db import connection, models, transaction
    from django_fsm import FSMField, transition

    def quorum(unit: Any) -> bool:
        return bool(unit.present * 3 >= unit.summoned * 2)

    def majority(unit: Any) -> bool:
        return bool(unit.elected * 2 > unit.valid)

    class Unit(models.Model):
        code = models.CharField(max_length=40, primary_key=True)
        state = FSMField(default="here")
        version = models.IntegerField(default=0)
        summoned = models.IntegerField()
        present = models.IntegerField()
        elected = models.IntegerField()
        valid = models.IntegerField()

        class Meta:
            app_label = "bench"

        @transition(field=state, source="here", target="there", conditions=[quorum, majority])
        def go(self) -> None:
            pass

        @transition(field=state, source="there", target="here", conditions=[quorum, majority])
        def come(self) -> None:
            pass

    class Log(models.Model):
        unit = models.CharField(max_length=40)
        version = models.IntegerField()
        source = models.CharField(max_length=20)
        target = models.CharField(max_length=20)
        actor = models.CharField(max_length=40)
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "bench"
            constraints = (models.UniqueConstraint(fields=("unit", "version"), name="once"),)

    with connection.schema_editor() as editor:
        editor.create_model(Unit)
        editor.create_model(Log)
    return Unit, Log, transaction.atomic
