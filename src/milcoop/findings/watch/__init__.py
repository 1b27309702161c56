"""Warning: acts that set indicators off, base rates, and what they do to the odds of growth, plateau and decline."""
