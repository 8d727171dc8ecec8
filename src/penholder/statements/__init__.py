"""What the authority said in public, beside what it held that day; and what it promised."""
