"""From lines to entries of the book: their shape, their numbers, all of them or none."""
