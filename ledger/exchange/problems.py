"""The error codes of spreadsheets and CSV, with their words; they are part of ``PROBLEMS``."""

from ledger.words import Words

SHEETS: dict[str, Words] = {
    # What one cell says
    "cell_broken": Words(
        "{value}: the formula in this cell failed",
        "mend the formula, or write its result in the cell",
    ),
    "cell_uncomputed": Words(
        "{value}: the file does not hold what this formula comes to",
        "open the file in the spreadsheet program and save it, or write the result in the cell",
    ),
    "number_for_day": Words(
        "{value} is a number, not a day; as spreadsheets count days it would be {day}",
        "if {day} is meant, format the cell as a date; else write the day as dd/mm/yyyy",
    ),
    "time_for_day": Words(
        "{value} has a time of day, and only the day is kept",
        "write the day alone, as dd/mm/yyyy",
    ),
    "day_for_text": Words(
        "the spreadsheet holds the day {value} here, not a text",
        "it makes a day of what looks like one, such as 5-9: format the cell as text, then type "
        "it again",
    ),
    "day_for_number": Words(
        "the spreadsheet holds the day {value} here, not a number",
        "it makes a day of what looks like one, such as 5-9 or 1.2: format the cell as a number, "
        "then type it again",
    ),
    "number_for_text": Words(
        "the spreadsheet holds the number {value} here, not a text: it drops zeros in front",
        "format the cell as text, then type it again with its zeros; or put ' before it",
    ),
    "zeros_lost": Words(
        "{value} has {count} digits, and a personal number has 12: spreadsheets drop the zeros in "
        "front",
        "format the cell as text, then type the 12 digits again (9 of an old identity card)",
    ),
    "cell_rounded": Words(
        "{value} is what a spreadsheet keeps of a long number: its last digits are lost",
        "format the cell as text, then type the whole number again",
    ),
    "number_unclear": Words(
        "{value} is no number as Vietnamese writes them, or has two meanings",
        "write nothing between thousands, and a comma before decimals: 1234 or 1,5",
    ),
    "year_made_up": Words(
        "the cell shows {value}: the spreadsheet took it for a day and added a year itself",
        "write the day with its year, as dd/mm/yyyy; what is no day goes into a cell of text",
    ),
    "day_made_up": Words(
        "the cell shows {value}: the spreadsheet made a whole day of it, {day}",
        "write the whole day, as dd/mm/yyyy; what is no day goes into a cell of text",
    ),
    "number_in_percent": Words(
        "the cell shows {value}, and holds the number {number}",
        "format the cell as a number, and write the number that is meant",
    ),
    "text_garbled": Words(
        "{value} is of an old font, or was saved in a wrong encoding",
        "old fonts are read with --encoding tcvn3 (.VnTime) or --encoding vni (VNI-Times); else "
        "save the file again as UTF-8",
    ),
    "letters_lost": Words(
        "{value} has lost letters: where they were stands \ufffd",
        "write the text again; the file was saved in an encoding that does not have them",
    ),
    "text_unclear": Words(
        "{value} makes sense in an old font and out of it, and the sheet has both",
        "write the text again in Unicode",
    ),
    "base_twice": Words(
        "the base is given as a number and by its parts",
        "leave one of the two empty",
    ),
    # What a sheet holds
    "no_head": Words(
        "no row of the sheet is its head: none has headings that are known",
        "write the headings of `rollbook template`, or name your own with --mapping FILE or --map",
    ),
    "no_lines": Words(
        "{value} is neither a spreadsheet nor JSON Lines",
        "save it as XLSX or CSV; `rollbook export -o FILE.jsonl` writes what can be imported",
    ),
    "no_kind": Words(
        "neither the name of the file nor a column of it says what kind its rows are",
        "say it with --kind, name the file for a kind, or add a column `kind`",
    ),
    "row_of_total": Words(
        "the row says {value}: that is a total or the end of a list, not an entry",
        "delete the row, or move it to another sheet",
    ),
    "kind_missing": Words(
        "the row does not say what kind it is",
        "write a kind into the column `kind`; `rollbook record --help` lists them",
    ),
    "fixed_twice": Words(
        "the mapping gives {value} one value for all rows, and the sheet has a column for it",
        'take it out of [sheet.fixed], or pass the column over: the heading = ""',
    ),
    "unknown_head": Words(
        "there is no column {value}{suggestion}",
        "rename or empty the heading; your own headings can be kept with --mapping FILE or --map",
    ),
    "head_twice": Words(
        "the heading {value} stands here again: it is the column {field}, which the sheet has",
        "leave one of the two; where a mapping says so, have it pass one over",
    ),
    "no_heading": Words(
        "this cell stands under no heading",
        "write the heading of the column, or empty the cell",
    ),
    "column_missing": Words(
        "{kind} needs the column {field}",
        "add the column; `rollbook template {kind}` writes a sheet that has it",
    ),
    "cells_merged": Words(
        "the cells {value} are merged: which rows and columns their value belongs to is not said",
        "unmerge them, and write the value into each cell that it belongs to",
    ),
    "unknown_sheet": Words(
        "the sheet {value} is of no kind: neither its name nor a column says it{suggestion}",
        "name the sheet for a kind, add a column `kind`, say it with --kind, or choose the "
        "sheets with --sheet",
    ),
    "sheet_of_csv": Words("{value} is no sheet of it: CSV has none", "leave --sheet out"),
    "no_such_sheet": Words(
        "the file has no sheet {value} that can be seen{suggestion}",
        "the sheets are: {choices}",
    ),
    "sheet_empty": Words(
        "{value} has no rows to record",
        "check whether it is the right file, and whether its sheet is hidden",
    ),
    # What a file is
    "sheet_unreadable": Words(
        "{value} cannot be read as a workbook: {detail}",
        "open it in your spreadsheet program, and save it as XLSX",
    ),
    "sheet_locked": Words(
        "{value} is protected by a password",
        "save a copy without a password, and import that",
    ),
    "sheet_vast": Words(
        "the sheet {value} spans {count} cells: something stands far away from the others",
        "delete the empty rows and columns after the last that is used, and save the file",
    ),
    "csv_unreadable": Words(
        "the reader of CSV stopped here: {detail}",
        "check the quotation marks of this row and the one before",
    ),
    "encoding_unknown": Words(
        "{value} is not UTF-8, and does not say in which encoding it is",
        "try {choices}; or save the file as CSV UTF-8",
    ),
    "encoding_wrong": Words(
        "in the encoding {value} the file does not read as Vietnamese",
        "try {choices}",
    ),
    "mapping_wrong": Words(
        "the mapping says {value} for {field}: {detail}",
        "mend the mapping; the rows need no change for this",
    ),
    "bad_mapping": Words(
        "the mapping cannot be read: {detail}",
        "docs/spreadsheets.md says how a mapping is written",
    ),
}
