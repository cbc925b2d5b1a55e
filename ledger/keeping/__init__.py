"""Keeps a book over the years: erasure, backup and restoring, and what a check-up finds."""
