"""What the shop does for people, at what length and price, by whom."""
