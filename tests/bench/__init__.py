"""Benchmarks. Each measures us and a peer or limit in the same run, prints a table and writes var/bench/NAME.json."""
