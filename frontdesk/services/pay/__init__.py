"""What stylists earn: commission, tips, periods and statements."""
