"""The credit file anyone can read, and the pages where the two sides of a contract rate each other."""
