"""New files: what was left by a killed process goes, what is being built stays."""

import os
import time
from pathlib import Path

from ledger.store.durable import temporary_beside


def test_what_a_killed_process_left_is_removed_after_a_day(tmp_path: Path) -> None:
    path = tmp_path / "so[1].xlsx"
    left, journal, others, built = (
        tmp_path / name
        for name in (
            f".{path.name}.1.new",
            f".{path.name}.1.new-journal",
            ".khác.1.new",
            f".{path.name}.2.new",
        )
    )
    for each in (left, journal, others, built):
        each.write_text("Nguyễn Văn An", encoding="utf-8")
    two_days_ago = time.time() - 2 * 86_400
    for each in (left, journal, others):
        os.utime(each, (two_days_ago, two_days_ago))
    assert temporary_beside(path) not in {left, built}
    assert [each.exists() for each in (left, journal, others, built)] == [False, False, True, True]
