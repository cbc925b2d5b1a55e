"""The error codes of questions alone, beside those of the ledger, with their words.

They follow the rules of ``ledger/problems.py``. Importing this module makes them known to
``Problem``.
"""

from ledger.problems import PROBLEMS, Words

ASKING: dict[str, Words] = {
    "term_nowhere": Words(
        "no unit of the book opened a term {value}{suggestion}",
        "`rollbook record term_opened` opens one",
    ),
    "term_of_several": Words(
        "term {value} has other days from unit to unit: {units}",
        "name one of these units, or one below it, with --unit",
    ),
}

PROBLEMS.update(ASKING)
