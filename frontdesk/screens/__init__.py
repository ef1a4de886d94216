"""One folder per screen, on what they share: a base, the commands, what any may open about a visit, the keyboard."""
