"""Rules of supervision: standard library only; persons, times and limits are passed in."""
