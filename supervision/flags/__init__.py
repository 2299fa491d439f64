"""The registry of red flag rules: one rule a file, in the order they are shown."""

from supervision.flags import (
    all_others_out,
    cover_bids,
    direct_after_failure,
    drafts_again,
    far_below,
    fixed_distance,
    identical_prices,
    late_winner,
    low_score,
    lowest_score,
    many_rejected,
    mutual_praise,
    narrow_win,
    points_lost,
    praise_burst,
    praise_circle,
    praise_ring,
    repeated_supplier,
    rotation,
    same_people,
    seldom_wins,
    shared_traces,
    shortest_window,
    single_bid,
    splitting,
    third_complaint,
)
from supervision.flags.base import Rule

RULES: tuple[Rule, ...] = tuple(
    module.RULE
    for module in (
        splitting,
        repeated_supplier,
        single_bid,
        shortest_window,
        direct_after_failure,
        many_rejected,
        all_others_out,
        narrow_win,
        late_winner,
        far_below,
        drafts_again,
        identical_prices,
        fixed_distance,
        rotation,
        cover_bids,
        seldom_wins,
        shared_traces,
        same_people,
        mutual_praise,
        praise_ring,
        praise_circle,
        praise_burst,
        third_complaint,
        points_lost,
        low_score,
        lowest_score,
    )
)
BY_CODE = {rule.code: rule for rule in RULES}
