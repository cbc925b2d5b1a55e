"""The error codes of spreadsheets and CSV, with their words; they are part of ``PROBLEMS``."""

from ledger.words import Words

SHEETS: dict[str, Words] = {
    # What one cell says
    "cell_broken": Words(
        "{value}: the formula in this cell failed",
        "mend the formula, or write its result in the cell",
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
}
