"""Django database back ends whose cursors ask the guard, and that refuse unsafe settings."""
