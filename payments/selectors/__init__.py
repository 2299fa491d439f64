"""Reading about money, one noun a file: books, and what the rooms above ask for."""
