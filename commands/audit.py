"""``rollbook audit``: prove that the book is the book, to whoever kept a checkpoint of it."""

import click

from commands.audit_checkpoint import checkpoint
from commands.audit_compare import compare
from commands.audit_cosign import cosign_, keeper
from commands.audit_export import export
from commands.audit_prove import confirm_, prove
from commands.audit_verify import verify
from commands.command import Group


@click.group(
    name="audit",
    cls=Group,
    examples=(
        "rollbook audit verify",
        "rollbook audit checkpoint -o tanphu.checkpoint",
        "rollbook audit verify --since tanphu.checkpoint",
        "rollbook audit export tanphu-log",
    ),
)
def audit() -> None:
    """Prove that nothing in the book was altered, removed or slipped in.

    Every entry is a leaf of a tree of hashes. A checkpoint is the root of that tree at one
    moment, signed by the book: whoever keeps it elsewhere can prove later that the book still
    holds all that it held then. Without a checkpoint kept elsewhere, nobody can tell a book
    from one that was written anew.
    """


for part in (verify, checkpoint, prove, confirm_, cosign_, keeper, compare, export):
    audit.add_command(part)
