"""Who waits: the waitlist with its offers, and the walk-in queue with its turns."""
