"""Tables that know no business noun."""

from core.models.audit import AuditEntry
from core.models.calendar import CalendarDay
from core.models.clocks import ClockReading
from core.models.files import StoredFile
from core.models.held import HeldFile
from core.models.jobs import Job
from core.models.papers import NumberSeries, Paper
from core.models.rulesets import RuleSet

__all__ = [
    "AuditEntry",
    "CalendarDay",
    "ClockReading",
    "HeldFile",
    "Job",
    "NumberSeries",
    "Paper",
    "RuleSet",
    "StoredFile",
]
