"""Reads that mix rooms: each page's facts, gathered in a constant number of queries."""
