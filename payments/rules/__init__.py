"""Rules about money: plain Python, no framework, no clock."""
