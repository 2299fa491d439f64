"""The living demo: invented people and organisations, a year of history made through the services, a market that
goes on by itself. Nothing here runs outside the demo, and nothing here decides anything: services do.
"""
