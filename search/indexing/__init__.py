"""Bring an index level with its files, or build it anew, or move it to another store: one run at a time."""
