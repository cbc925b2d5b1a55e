"""The error codes of the command line, beside those of the ledger, with their words.

They follow the rules of ``ledger/problems.py``: English words that serve as message ids,
``{names}`` filled from the values of a ``Problem``, stable codes. Importing this module
makes them known to ``Problem``.
"""

from ledger.problems import PROBLEMS, Words

USAGE: dict[str, Words] = {
    # How a command was called
    "no_such_command": Words(
        "there is no command {value}{suggestion}",
        "`{command} --help` lists the commands",
    ),
    "no_such_option": Words(
        "`{command}` has no option {value}{suggestion}",
        "`{command} --help` lists its options",
    ),
    "missing_option": Words(
        "`{command}` needs {value}",
        "give it; `{command} --help` says what it holds",
    ),
    "option_needs": Words(
        "{value} means something only together with {other}",
        "give {other}, too, or leave {value} out",
    ),
    "bad_option": Words(
        "{value} cannot be given here: {detail}",
        "`{command} --help` says what it holds",
    ),
    "bad_choice": Words(
        "{value} is none of the values this can have{suggestion}",
        "choose one of: {choices}",
    ),
    "bad_number": Words(
        "{value} is not a number that can be given here",
        "write digits, with a point before decimals and nothing between thousands",
    ),
    "bad_text": Words(
        "{value} holds characters that cannot be seen",
        "write the text again by hand",
    ),
    "bad_filter": Words(
        "{value} does not narrow anything: {detail}",
        "write it as key=value; the keys are {choices}",
    ),
    "too_many_keys": Words(
        "{value} are more keys than one table has sides",
        "give --by one key or two; --filter narrows to one value of another",
    ),
    "bad_moment": Words(
        "{value} is not a moment",
        "write a day, or 2023-09-18T08:30:00+07:00 with its zone",
    ),
    "bad_months": Words(
        "{value} is not a number of months",
        "write it as 24m, or 2y for two years",
    ),
    "bad_within": Words(
        "{value} is not a length of time",
        "write days as 60d, months as 2m or years as 1y",
    ),
    "bad_years": Words(
        "{value} are not years",
        "write them as 2015..2023, the earlier first",
    ),
    "options_exclude": Words(
        "{value} and {other} cannot be given together",
        "give one of the two",
    ),
    "one_of_two": Words(
        "exactly one of {value} and {other} is needed",
        "give one of the two",
    ),
    "wrong_usage": Words(
        "{detail}",
        "`{command} --help` says how it is used",
    ),
    "sheets_alone": Words(
        "{value} is asked of spreadsheets and CSV, and this file is JSON Lines",
        "leave it out, or give a file that ends in .xlsx, .xls, .ods or .csv",
    ),
    "encoding_of_workbook": Words(
        "{value} is an encoding of CSV, and a workbook says its own",
        "leave --encoding out; tcvn3 and vni are for texts in the old fonts",
    ),
    "mapping_needed": Words(
        "{value} keeps what is answered in a file",
        "name the file with --mapping FILE; it may be new",
    ),
    "nothing_to_correct": Words(
        "nothing was given that differs from entry {value}",
        "give the fields that were wrong, or void the entry",
    ),
    "sealed_field": Words(
        "{field} of entry {value} is sealed, and a correction without it would lose it",
        "put the keys file back beside the book, or give that field, too",
    ),
    "unknown_name": Words(
        "nobody in the book is called {value}{suggestion}",
        "check the name, or give the person's id",
    ),
    "ambiguous_name": Words(
        "{value} could be {people}",
        "give the person's id",
    ),
    "names_sealed": Words(
        "names cannot be searched: there is no keys file beside the book",
        "give the person's id, or put the keys file back",
    ),
    "file_unreadable": Words(
        "{value} cannot be read: {detail}",
        "check the path and the rights on it",
    ),
    "file_unwritable": Words(
        "{value} cannot be written: {detail}",
        "check the path, the rights on it and the free space",
    ),
    "file_of_book": Words(
        "{value} is a file of the book itself, and nothing is written over it",
        "give the output another name",
    ),
    "one_file_twice": Words(
        "{value} is given for two things that are to be written",
        "give two names: what opens a backup is kept apart from it",
    ),
    "file_exists": Words(
        "there is a file {value} already, and it is not overwritten",
        "give another name, or move the file away; --replace, where a command has it, replaces it",
    ),
    "unknown_extension": Words(
        "the extension of {value} names no form that can be written here",
        "end the name with one of: {choices}; or say the form by --format",
    ),
    "not_xlsx": Words(
        "{value} is not the name of a workbook, and a workbook is written here",
        "end the name with .xlsx",
    ),
    "form_differs": Words(
        "{value} and --format {form} contradict each other",
        "leave --format out, or end the name as that form does; one of: {choices}",
    ),
    "only_for_csv": Words(
        "{value} is about CSV, and {form} is written here",
        "give --format csv, or a file that ends in .csv",
    ),
    "not_for_terminal": Words(
        "{value} is no text, and cannot be shown on a terminal",
        "give a file by -o FILE",
    ),
    "too_long_for_cell": Words(
        "{field} of entry {value} has more characters than a cell of a sheet holds, {limit}",
        "export JSON Lines or CSV: they hold any length",
    ),
    "too_wide": Words(
        "the table has {value} columns, and a sheet holds {limit}",
        "write CSV or Parquet, or ask for fewer columns",
    ),
    "unforeseen": Words(
        "something happened that Rollbook did not foresee: {detail}",
        "please report it with the command; ROLLBOOK_TRACE=1 shows where it happened",
    ),
}

PROBLEMS.update(USAGE)
