"""What a ticket is made of: wishes, lines, prices and ways to pay, before anything is closed."""
