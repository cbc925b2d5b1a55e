"""Every parser of bytes from outside, by its name, for a fuzzer to try."""

from trust.parsers.kept import KEPT
from trust.parsers.parser import Parser
from trust.parsers.proof import PROOF
from trust.parsers.states import STATES
from trust.parsers.tables import TABLES
from trust.parsers.workbooks import WORKBOOKS

PARSERS: dict[str, Parser] = {**PROOF, **KEPT, **STATES, **TABLES, **WORKBOOKS}
