"""The shop itself: how it is set up, what it is called, its rules and rates of tax, its backups."""
