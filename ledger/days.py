"""Days as people write them, in commands and in cells: YYYY-MM-DD or dd/mm/yyyy, never guessed."""

import re
from datetime import date

from ledger.errors import Problem

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_VIETNAMESE = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII)


def day(text: str) -> date:
    """Return the day that ``text`` names; raise bad_date if it names none.

    ``7/10`` names none: it could be July or October of any year.
    """
    for form in (_ISO, _VIETNAMESE):
        if found := form.fullmatch(text.strip()):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise Problem("bad_date", value=text)
