"""Pure parts of the portal: standard library only."""
