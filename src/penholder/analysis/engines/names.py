"""Names of the engines, for the command line, which must not load them."""

ENGINES = ("local", "spark")
