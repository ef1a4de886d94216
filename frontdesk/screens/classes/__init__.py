"""The classes of a day: seats, who is here, who waits."""
