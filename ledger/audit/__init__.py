"""Proves that a book is the book: everything re-derived from stored bytes, nothing believed.

It shares the formats and the hash with the code that writes, and no other step: what the log,
its commits and its tree say is made again of the rows and compared. Books made by somebody
else are read here, so that wrong types and endless values end in a finding, never in a crash.
"""
