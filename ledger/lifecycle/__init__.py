"""What can have happened: standings of people, lives of units, and the refusals."""
