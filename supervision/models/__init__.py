"""Tables of supervision."""

from supervision.models.cases import Case, CaseEvent, CaseFile, Measure, MeasureEnd
from supervision.models.clauses import ClauseAnswer, ClauseReport
from supervision.models.clocks import (
    Card,
    ClockRun,
    ClockStop,
    DueChange,
    Escalation,
    Excuse,
    MovedEnd,
    Post,
    Step,
)
from supervision.models.complaints import Complaint, ComplaintEvent, ComplaintFile, SealedIdentity
from supervision.models.consultations import Consultation, Opinion, OpinionAnswer
from supervision.models.flags import FlagHit, FlagVerdict, Turnout
from supervision.models.honours import Honour
from supervision.models.imports import ImportedEntry, ListImport
from supervision.models.inspections import (
    Drawing,
    DrawingResult,
    DrawingWord,
    Finding,
    Inspection,
    InspectionEvent,
    InspectionOfficer,
    InspectionPhoto,
    InspectionPlan,
    Inspector,
)
from supervision.models.letters import Letter
from supervision.models.listings import JointMeasure, Listing, ListingEvent, ListingFile, Receipt, Share
from supervision.models.notices import Delivery, Notice, NoticeRead
from supervision.models.questions import Question, QuestionEvent
from supervision.models.relations import Relation
from supervision.models.repairs import Repair, RepairEvent, RepairFile

__all__ = [
    "Card",
    "Case",
    "CaseEvent",
    "CaseFile",
    "ClauseAnswer",
    "ClauseReport",
    "ClockRun",
    "ClockStop",
    "Complaint",
    "ComplaintEvent",
    "ComplaintFile",
    "Consultation",
    "Delivery",
    "Drawing",
    "DrawingResult",
    "DrawingWord",
    "DueChange",
    "Escalation",
    "Excuse",
    "Finding",
    "FlagHit",
    "FlagVerdict",
    "Honour",
    "ImportedEntry",
    "Inspection",
    "InspectionEvent",
    "InspectionOfficer",
    "InspectionPhoto",
    "InspectionPlan",
    "Inspector",
    "JointMeasure",
    "Letter",
    "ListImport",
    "Listing",
    "ListingEvent",
    "ListingFile",
    "Measure",
    "MeasureEnd",
    "MovedEnd",
    "Notice",
    "NoticeRead",
    "Opinion",
    "OpinionAnswer",
    "Post",
    "Question",
    "QuestionEvent",
    "Receipt",
    "Relation",
    "Repair",
    "RepairEvent",
    "RepairFile",
    "SealedIdentity",
    "Share",
    "Step",
    "Turnout",
]
