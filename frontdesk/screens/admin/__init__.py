"""People, terminals, services, taxes, hours, settings."""
