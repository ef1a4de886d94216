"""Who serves, and when: stylists, their hours, and the strips of time slots that come of them."""
