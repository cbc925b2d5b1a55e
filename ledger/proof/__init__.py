"""Proofs that others can check: the Merkle tree, signed notes and the formats of C2SP.

Pure functions over bytes. Nothing here knows the store, the book or the catalogue, and nothing
of ours goes into a format: whatever is written here, a program that is not ours can read.
"""
