"""Parts that know nothing of salons, mounted alone."""
