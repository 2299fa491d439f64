"""A seeded fuzzer for the live room: frames that are nearly right, frames that are not, and bytes.

frames    what is sent: commands of the documented protocol, bent in one or more places
oracle    what may come back and what may be in the log afterwards
visitors  who sends: vandals, honest bidders, an onlooker
run       bin/fuzz: a server of its own, N frames, and what is left when the dust has settled
"""
