"""The sample book: published figures of four committees, from invented persons."""
