"""The command line: what people type and what they see; no rule lives here."""
