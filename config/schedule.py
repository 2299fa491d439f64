"""What happens by the clock: task name -> seconds between runs. Read by Celery beat and by the embedded clock."""

PERIODIC: dict[str, float] = {
    "core.sweep_jobs": 5.0,
    "core.sweep_held": 3600.0,
    "marketplace.advance_needs": 5.0,
    "bidding.begin_due_competitions": 1.0,
    "bidding.close_due_competitions": 1.0,
    "contracts.watch_deadlines": 30.0,
    "payments.turn_payment_cards": 60.0,
    "ratings.reveal_due_ratings": 30.0,
    "ratings.measure_market": 3600.0,
    "supervision.look_for_flags": 3600.0,
    "supervision.watch_clocks": 60.0,
    "supervision.tend_cases": 10.0,
    "supervision.draw_inspections": 5.0,
    "supervision.tend_lists": 30.0,
    "supervision.withdraw_lapsed": 600.0,
    "supervision.refresh_honours": 3600.0,
    "supervision.fetch_lists": 3600.0,
    "payments.tend_provider": 5.0,
    "payments.reconcile_yesterday": 600.0,
    "payments.bring_demo_events": 2.0,
}

# Only in the demo, and not with MARKET_SIMULATE=0: the market that goes on by itself.
SIMULATED: dict[str, float] = {"portal.simulate": 2.0, "portal.simulate_work": 10.0}
