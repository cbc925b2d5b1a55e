"""What is raised where something is not proven."""

from ledger.errors import Problem


class Unproven(Problem):
    """Something does not prove what it should, or is not in its one form.

    Its code is one of ``PROOFS``; it stands as the detail of ``damaged`` and its like, or alone.
    """
