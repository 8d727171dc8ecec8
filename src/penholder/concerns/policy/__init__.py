"""What is decided about concerns, from given facts and the day alone: no database, no clock, no Django."""
