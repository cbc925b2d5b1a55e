"""The read side: entries become columns, columns become tables, tables become answers.

Nothing heavy is imported here; DuckDB and Arrow are loaded by the modules that use them.
"""
