"""Pages from award to acceptance. Thin: read, show, pass commands on."""
