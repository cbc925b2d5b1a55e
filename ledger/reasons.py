"""Why something was refused or is damaged: codes that stand inside other problems.

A problem such as ``bad_value`` has a ``{detail}``; it is a Problem of its own with one of
these codes, so that it is translated like any other.
"""

from ledger.audit.problems import AUDITS
from ledger.proof.problems import PROOFS
from ledger.words import Words

REASONS: dict[str, Words] = {
    # Why something is not a value of its field: the {detail} of bad_value and bad_json
    "wants_text": Words("write text", "give another value"),
    "wants_visible_text": Words("it holds a character that cannot be seen", "write it again"),
    "wants_some_text": Words("it is empty", "give another value"),
    "wants_whole_number": Words("write a whole number from {least} on", "give another value"),
    "wants_decimal": Words("write a decimal number, in digits", "give another value"),
    "wants_one_number": Words("write one number", "give another value"),
    "wants_two_numbers": Words("write two numbers, the lower first", "give another value"),
    "wants_no_thousands": Words(
        "write {whole} without a point if that is meant", "give another value"
    ),
    "wants_truth": Words("write true or false", "give another value"),
    "wants_choice": Words("write one of {choices}{suggestion}", "give another value"),
    "wants_moment": Words("write a moment as 2023-09-18T01:30:00Z", "give another value"),
    "wants_period": Words("write a first and a last day, YYYY-MM-DD", "give another value"),
    "wants_list": Words("write a list", "give another value"),
    "wants_parts": Words("write an object with its fields by name", "give another value"),
    "wants_age": Words("write years as 30 or 18-30, or under_18, over_60", "give another value"),
    "wants_no_correction": Words("a voiding only removes", "give another value"),
    "wants_filters": Words("write the parts by name, of {choices}", "give another value"),
    "wants_personal_name": Words("it is no personal field, or is given", "give another value"),
    "wants_utf8": Words("it is not UTF-8", "save the file as UTF-8"),
    "wants_object": Words("it is not one object between braces", "write one entry a line"),
    "wants_keys_once": Words("the key {value} stands in it twice", "leave one of the two"),
    "wants_json": Words("the reader stopped at: {value}", "write one entry a line"),
    # What is wrong with a line of a calendar: the {detail} of bad_calendar
    "wants_line": Words("it begins with year, holiday or workday", "see the format"),
    "wants_day": Words("write the day as YYYY-MM-DD", "give another value"),
    "wants_year": Words("write the year in four digits", "give another value"),
    "wants_order": Words("write the earlier day first", "give another value"),
    "wants_a_year": Words("it is longer than a year", "give one line a year"),
    "wants_its_year": Words("its year has no line of its own", "add the line of the year"),
    "wants_one_kind": Words("it is a holiday and a workday", "leave one of the two"),
    # What is wrong with a mapping: the {detail} of bad_mapping
    "wants_markup": Words("it is not {form}; the reader says: {value}", "see the format"),
    "wants_key": Words("{value} is no key of a mapping; write one of {choices}", "see the format"),
    "wants_shape": Words("what {value} holds is not of its kind", "see the format"),
    # Why stored bytes cannot be what was recorded: the {detail} of damaged
    "stored_hash_differs": Words(
        "its hash does not fit what is stored", "compare it with a backup"
    ),
    "stored_row_missing": Words("it is missing from the log", "compare it with a backup"),
    "stored_ends_differ": Words(
        "log and commits do not end at the same entry", "compare it with a backup"
    ),
    "stored_tree_differs": Words(
        "the tree of hashes is not as it was recorded", "compare it with a backup"
    ),
    "stored_form_differs": Words(
        "it is not in the one form that is written", "compare it with a backup"
    ),
    "stored_kind_unknown": Words(
        "the catalogue has no kind {value}", "check whether a newer Rollbook wrote it"
    ),
    "stored_version_unknown": Words(
        "it has version {value} of {kind}, and {known} is known",
        "check whether a newer Rollbook wrote it",
    ),
    "stored_value_differs": Words(
        "it does not fit the catalogue: {value}", "check whether a newer Rollbook wrote it"
    ),
    "stored_seal_differs": Words(
        "its personal details were sealed for another entry", "compare it with a backup"
    ),
    "stored_detail_open": Words(
        "its {value} is not sealed: erasing would leave it",
        "find out who wrote it, and compare it with a backup",
    ),
    "stored_key_differs": Words(
        "the key of {value} is not as it was stored", "compare it with a backup"
    ),
    # Why a keys file is not that of the book: the {detail} of keys_mismatch
    "keys_malformed": Words("it is not a keys file", "take it from a backup"),
    "keys_of_another": Words("it belongs to book {value}", "put each book beside its own keys"),
    "keys_of_epoch": Words(
        "it is of epoch {value}, and the book's keys are of epoch {expected}",
        "take the keys file of the same day as the book",
    ),
    "keys_open_nothing": Words(
        "its key opens none of the keys that lie in the book",
        "take the keys file of the same day as the book",
    ),
    "keys_unreadable": Words("{value}", "check the rights on it"),
    **PROOFS,
    **AUDITS,
}
"""Every such code with its words; they are part of ``PROBLEMS``, too."""
