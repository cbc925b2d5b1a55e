"""The sample book: published figures of four committees, from invented persons."""

from datetime import date

from commands.sample import figures, hoi_hop, pho_yen, quang_tri, tan_phu
from commands.sample.notebook import OPERATOR, Notebook
from ledger.catalogue import Entry

AUTHOR = OPERATOR
"""The operator of every entry."""
NAME = "Sổ mẫu: số liệu đã công bố, nhân vật giả định"
"""The name of the book, which every report prints."""
LAST_DAY = date(2023, 11, 8)
"""The day after the last of the articles: the book ends with what was written down by then."""


def entries() -> list[Entry]:
    """Return the entries of the sample book, numbered and dated as an export would be.

    The same ones every time: neither the clock nor chance takes part.
    """
    notebook = Notebook(LAST_DAY)
    tan_phu.write(notebook, pho_yen.CLASSES)
    pho_yen.write(notebook)
    quang_tri.write(notebook)
    hoi_hop.write(notebook)
    figures.write(notebook)
    return notebook.entries()
