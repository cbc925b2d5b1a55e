"""Every error code with its words: what is wrong, and what to do about it.

The words are English and serve as message ids of the translations; ``{names}`` are filled from
a ``Problem``. ``{clash}`` names a clashing entry: its number, kind and date. Codes are stable.
"""

from ledger.authority.problems import AUTHORITY
from ledger.exchange.problems import SHEETS
from ledger.keeping.problems import KEEPING
from ledger.reasons import REASONS
from ledger.words import Words

__all__ = ["PROBLEMS", "Words"]

PROBLEMS: dict[str, Words] = {
    # The shape of what was given
    "bad_json": Words(
        "this line is not a JSON object: {detail}",
        "write one entry a line, as `rollbook export` does",
    ),
    "unknown_kind": Words(
        "there is no kind of entry named {value}{suggestion}",
        "`rollbook record --help` lists the kinds",
    ),
    "unknown_field": Words(
        "{kind} has no field {value}{suggestion}",
        "`rollbook record {kind} --help` lists its fields",
    ),
    "missing_field": Words(
        "{kind} needs {field}",
        "give it; `rollbook record {kind} --help` says what it holds",
    ),
    "bad_value": Words(
        "{value} is not a value of {field}: {detail}",
        "`rollbook record {kind} --help` says what it holds",
    ),
    "bad_date": Words(
        "{value} is not a date",
        "write the day as YYYY-MM-DD or dd/mm/yyyy; day and month alone are never guessed",
    ),
    "bad_json_date": Words(
        "{field}: {value} is not a date",
        "in JSON Lines write the day as YYYY-MM-DD",
    ),
    "bad_code": Words(
        "{value} cannot be a code: it needs 1 to 64 letters, digits, dots, dashes or underscores",
        "write a code: `rollbook units` lists those of units, "
        "`rollbook history --person NAME` tells that of somebody; or choose another one",
    ),
    "bad_period": Words("the period {value} ends before it begins", "put the earlier day first"),
    "too_large": Words(
        "the entry takes {value} bytes, and at most {limit} are kept",
        "shorten its texts; put long papers beside the book and name them by `document`",
    ),
    "birth_year_differs": Words(
        "birth_year is {value}, but birth_date is in {year}",
        "give the year of birth_date, or only one of the two",
    ),
    "stock_or_flow": Words(
        "{kind} of {value} needs {needed} and no {other}",
        "a stock is counted as of a day, a flow over a period",
    ),
    "as_of_differs": Words(
        "the count is as of {value}, but takes effect on {effective_on}",
        "give the same day twice, or leave --on out",
    ),
    "numbers_not_dense": Words(
        "the line claims number {value}, and the next in the book is {expected}",
        "--keep-recorded copies a whole export into an empty book; leave it out to append",
    ),
    "recorded_at_decreases": Words(
        "recorded_at {value} is before that of the entry above it, {before}",
        "keep the lines in the order of the export",
    ),
    "recorded_in_future": Words(
        "recorded_at {value} lies in the future",
        "check the clock of the machine, and the line",
    ),
    "number_twice": Words(
        "the number {value} stands on two lines of the file",
        "give each line its own number, or none",
    ),
    "bad_time_zone": Words(
        "there is no time zone {value}",
        "name it as the tz database does, such as Asia/Ho_Chi_Minh",
    ),
    # What names another record
    "unknown_unit": Words(
        "there is no unit {value} in the book{suggestion}",
        "`rollbook units` lists the units; `rollbook record unit_founded` brings one in",
    ),
    "person_not_unit": Words(
        "{value} is a person, not a unit", "`rollbook history --person {value}` lists their entries"
    ),
    "unit_not_yet": Words(
        "unit {value} does not exist on {on}: it was founded later, by {clash}",
        "check the day, or correct the day of founding",
    ),
    "unit_ended": Words(
        "unit {value} does not exist on {on}: it ended by {clash}",
        "name the unit that took its place, or correct the day",
    ),
    "unknown_person": Words(
        "there is no person {value} in the book{suggestion}",
        "`rollbook record nominated` or `carried_forward` opens a person's file",
    ),
    "unknown_class": Words(
        "there is no class {value} in the book{suggestion}",
        "`rollbook record class_opened` brings it in",
    ),
    "class_not_yet": Words(
        "nobody can have finished class {value} by {on}: it began later, by {clash}",
        "check both days",
    ),
    "unknown_target": Words(
        "there is no target {value} in the book{suggestion}",
        "`rollbook record target_set` brings it in",
    ),
    "unknown_figure": Words(
        "no figure {value} is stated in the book{suggestion}",
        "`rollbook figures` lists the figures; `rollbook record figure_stated` states one",
    ),
    "unknown_term": Words(
        "no term {value} was opened by {unit} or a unit above it{suggestion}",
        "`rollbook record term_opened` opens one; or name the unit whose term it is with --unit",
    ),
    "target_not_yet": Words(
        "target {value} does not hold on {on}: it was set later, by {clash}",
        "check both days",
    ),
    "unknown_operator": Words(
        "there is no operator {value} in the book{suggestion}",
        "`rollbook operator enrol` brings them in",
    ),
    "unknown_entry": Words(
        "there is no entry {value} in the book",
        "`rollbook log` lists the entries with their numbers",
    ),
    "unknown_in_file": Words(
        "no line of the file has number {value}",
        "a numbered line means lines of its file: add that line, or leave the line's own `no` out",
    ),
    "already_there": Words(
        "{what} {value} exists already, by {clash}",
        "choose another code, or correct that entry",
    ),
    "still_named": Words("{what} {value} is named by {clash}", "void or correct that entry first"),
    # A person's lifecycle
    "not_opened": Words(
        "{kind} cannot be the first entry of {person}",
        "open the file first: nominated, carried_forward or transferred_in",
    ),
    "not_opened_yet": Words(
        "{person} has no file yet on {on}: it is opened later, by {clash}",
        "check both days",
    ),
    "already_on_file": Words(
        "{person} is already in the pipeline of {unit}, by {clash}",
        "use the file that is open",
    ),
    "already_member": Words(
        "{person} is already a member, by {clash}",
        "check the person; to move a member, record transferred",
    ),
    "not_member": Words(
        "{person} is not a member on {on}; the entry before is {clash}",
        "check the person and the day",
    ),
    "not_probationary": Words(
        "{person} is not a probationary member on {on}; the entry before is {clash}",
        "only a probationary member is recognised as official: check the person and the day",
    ),
    "never_member": Words(
        "{person} was never a member before {on}",
        "only a former member is restored; a first membership begins with admitted",
    ),
    "dead": Words("{person} has died, by {clash}", "void that entry if it is wrong"),
    "profile_needed": Words(
        "{person} is new to the book: transferred_in needs {field}",
        "give the profile and the day of joining, as for carried_forward",
    ),
    "later_than_entry": Words(
        "{field} {value} is later than the day the entry takes effect, {on}",
        "check both days",
    ),
    "official_too_early": Words("official on {value}, before joining on {on}", "check both days"),
    "mentor_not_official": Words(
        "mentor {value} is not an official member on {on}: see {clash}",
        "a mentor is an official member at that time (38 I.1.1d): choose another, or check the day",
    ),
    "mentor_self": Words(
        "{value} cannot be their own mentor",
        "choose another official member",
    ),
    # A unit's lifecycle
    "unit_cycle": Words(
        "unit {unit} would lie under itself on {on}, through {value}: see {clash}",
        "choose a parent that is not under it",
    ),
    "heirs_in_circle": Words(
        "what unit {unit} had would come back on {on} to a unit that ended before it, through "
        "{value}: see {clash}",
        "choose another heir, or see to the days",
    ),
    "under_itself": Words("unit {unit} cannot lie under itself", "name another unit as its parent"),
    "unit_not_empty": Words(
        "unit {unit} still has {what} on {on}: {value}",
        "move them first, or say with --members-to who takes them",
    ),
    "nothing_changes": Words(
        "{kind} of {unit} says nothing that changes",
        "give at least one of its fields",
    ),
    "merged_into_itself": Words(
        "unit {unit} cannot pass into itself",
        "name the unit that goes on",
    ),
    # Voiding and correcting
    "already_displaced": Words(
        "entry {value} no longer counts, by {clash}",
        "mend the entry that took its place",
    ),
    "void_of_void": Words(
        "entry {value} is itself a voiding and cannot be taken back",
        "record again what was voided",
    ),
    "clashes_with": Words(
        "this would make {clash} impossible: {reason}",
        "mend that entry first, or check the day",
    ),
    "bad_calendar": Words(
        "{value} cannot stand in a calendar: {detail}",
        "write lines as year,2025 or holiday,2025-01-27,2025-01-31 or workday,2025-04-26",
    ),
    "unknown_rule": Words(
        "there is no rule {value} in the rulebook{suggestion}",
        "`rollbook rules list` lists the rules",
    ),
    "query_not_reading": Words(
        "{value} is not a question: only one SELECT is answered",
        "ask with SELECT or WITH … SELECT; the book is changed with `rollbook record`",
    ),
    "query_failed": Words(
        "the query could not be answered: {detail}",
        '`rollbook query "SHOW TABLES"` lists the tables, "DESCRIBE entries" their columns',
    ),
    "in_future": Words(
        "{value} lies after the day of recording, {today}",
        "nothing takes effect in the future: record it when it has happened",
    ),
    # The book
    "book_exists": Words(
        "there is already a file at {value}",
        "choose another name; a book is never overwritten",
    ),
    "book_missing": Words(
        "there is no book at {value}",
        "start one with `rollbook init`, or name it with --book or $ROLLBOOK",
    ),
    "book_unreadable": Words(
        "the book at {value} cannot be opened: {detail}",
        "check the path and the rights on it",
    ),
    "not_a_book": Words(
        "{value} is not a Rollbook book: {detail}",
        "check the path; docs/format.md says what a book holds",
    ),
    "book_newer": Words(
        "the book at {value} has format {found}, and this program reads up to {known}",
        "update Rollbook",
    ),
    "book_locked": Words(
        "somebody else is writing to {value}",
        "wait until they are done, then try again",
    ),
    "book_full": Words(
        "{value} could not be written: {detail}",
        "free space or mend the rights, then try again; nothing was recorded",
    ),
    "commit_unsure": Words(
        "it is not sure whether {value} holds what was to be recorded: {detail}",
        "look at the disk, then with `rollbook log` for the last entry, before you record it again",
    ),
    "damaged": Words(
        "entry {value} is not as it was recorded: {detail}",
        "keep the file as it is, and compare it with a backup",
    ),
    "keys_mismatch": Words(
        "{value} holds no key of this book: {detail}",
        "put the keys file of this very book beside it",
    ),
    "head_moved": Words(
        "the book has gone on to entry {value}, and {expected} was expected",
        "look at what was recorded meanwhile, then try again",
    ),
    **KEEPING,
    **SHEETS,
    **AUTHORITY,
    **REASONS,
}
