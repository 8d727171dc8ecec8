"""Settings, addresses and templates of the sites."""
