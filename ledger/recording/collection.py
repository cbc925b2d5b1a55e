"""Keeps Python's garbage collector from walking over a file's worth of entries."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Switch the collector off within the block, if it was on.

    Entries hold no circles, and nothing else is made in such a block: walking over them
    again and again took a quarter of the time of an import.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
