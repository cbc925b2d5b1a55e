"""Entries as JSON Lines: read, with what is wrong said of each line; and written."""
