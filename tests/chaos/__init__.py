"""Real competitions on real processes that are killed at random moments: bin/chaos.

`__main__` plays rounds, `stage` owns the processes, `faults` breaks them, `bidder` is the crowd, `checks` judges.
"""
