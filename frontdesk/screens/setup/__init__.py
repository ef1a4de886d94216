"""The first time: business, shop, people and services in two minutes."""
