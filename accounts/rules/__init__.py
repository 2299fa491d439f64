"""Pure rules about identities: standard library only."""
