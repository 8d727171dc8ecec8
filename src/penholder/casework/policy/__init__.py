"""What is allowed with cases, decided from given facts alone: one module per noun."""
