"""Pages of the catalogue and of needs. The page of one need mixes rooms and lives in portal."""
