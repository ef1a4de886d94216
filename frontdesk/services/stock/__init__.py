"""What stands on the shelf: products, how many, from whom."""
