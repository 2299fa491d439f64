"""The registry of red flag rules: one rule a file, in the order they are shown."""

from supervision.flags import (
    all_others_out,
    cover_bids,
    direct_after_failure,
    drafts_again,
    far_below,
    fixed_distance,
    late_winner,
    many_rejected,
    mutual_praise,
    narrow_win,
    praise_burst,
    repeated_supplier,
    rotation,
    seldom_wins,
    shared_traces,
    shortest_window,
    single_bid,
    splitting,
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
        fixed_distance,
        rotation,
        cover_bids,
        seldom_wins,
        shared_traces,
        mutual_praise,
        praise_burst,
    )
)
BY_CODE = {rule.code: rule for rule in RULES}
