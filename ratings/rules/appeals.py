"""Which rows of a credit file are objected to here, and which are contested where they were decided. Pure."""

# A measure is contested by asking for a review of its case: one officer here cannot undo what two decided there.
DECIDED_IN_CASES = frozenset(
    {"measure_reminder", "measure_warning", "measure_suspension", "measure_removal", "listing", "repair"}
)
# A rating is appealed against as a rating; what corrects a row is itself the outcome of an objection.
OTHERWISE = frozenset({"rating_received", "correction"})
