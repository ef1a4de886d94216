"""Signing in, locking, and handing the desk over."""
