"""The write side of Rollbook: the catalogue of entries, their lifecycle, and the book."""
