"""Keeps entries: tables, stored bytes, seals and hashes of a book (docs/format.md)."""
