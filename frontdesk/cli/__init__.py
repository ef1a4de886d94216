"""Commands: one file per group, Rich for people and JSON for programs.

A command imports what it needs when it runs, so that help and completion cost nothing but click.
"""
