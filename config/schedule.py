"""What happens by the clock: task name -> seconds between runs. Read by Celery beat and by the embedded clock."""

PERIODIC: dict[str, float] = {
    "core.sweep_jobs": 5.0,
    "marketplace.advance_needs": 5.0,
    "bidding.close_due_competitions": 1.0,
    "contracts.watch_deadlines": 30.0,
    "ratings.reveal_due_ratings": 30.0,
}
