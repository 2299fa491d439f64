"""Pages that mix rooms. A view asks a selector and hands the answer to a template."""
