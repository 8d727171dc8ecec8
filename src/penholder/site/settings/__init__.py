"""Settings: `base` for all, then one module per site and one for tests."""
