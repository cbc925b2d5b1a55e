"""What scripts/benchmark measures: Rollbook, and the plain ways beside it, in one run."""
