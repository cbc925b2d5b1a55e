"""Who may record what: a fold over the log before each entry, in the order of numbers.

``commits.Authority`` is the way in, for recording and for verification alike. The rules are
in docs/trust/operators.md.
"""
