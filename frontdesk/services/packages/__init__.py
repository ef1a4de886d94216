"""Packages and memberships: sold, used session by session, changed."""
