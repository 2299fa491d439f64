"""How a competition decides, as a library: standard library only, time and randomness passed in.

record  what an event is, how it is written down, hashed, chained and proved
terms   what was fixed at opening
board   the state that the events add up to
auction the live reverse auction
draw    the verifiable random draw
outcome who wins, who follows, or why nobody does
"""
