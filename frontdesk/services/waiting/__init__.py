"""Everybody who waits: on the floor, in the queue, on the waitlist, for their next visit."""
