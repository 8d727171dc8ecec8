"""Compare, count and trace many records. Works from files alone: no server, no Django."""
