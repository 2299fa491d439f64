"""Pure rules of this room: standard library only, time passed in."""
