"""How the outside calls an action: forms, API, command line; errors mapped once."""
