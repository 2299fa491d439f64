"""Pure rules about an agency's face: standard library only."""
