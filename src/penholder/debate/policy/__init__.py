"""What holds in the debate, decided from given facts alone."""
