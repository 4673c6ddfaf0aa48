"""The journal: what was written is found again, whatever became of the rest."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CannotWriteError, CourseError
from autograder.grading.journal import Journal

DATA = [{"a": [1, "\udcff", None]}, [], "text", {"b": {}}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a journal with a few records."""
    journal = Journal(tmp_path / "new" / "journal.jsonl")
    for number, data in enumerate(DATA):
        journal.add(f"key {number}", data)
    journal.close()
    return tmp_path / "new" / "journal.jsonl"


def found(path: Path) -> list[object]:
    """Return what a journal has under each key."""
    journal = Journal(path)
    try:
        return [journal.get(f"key {number}") for number in range(len(DATA))]
    finally:
        journal.close()


def test_records_are_found_again(path: Path) -> None:
    """A journal that is opened again has every record, and none under a key that was not written."""
    assert found(path) == DATA
    journal = Journal(path)
    assert journal.get("another") is None
    journal.close()


def test_the_newest_record_of_a_key_counts(path: Path) -> None:
    """A key may be written again; what was written stays in the file."""
    before = path.read_bytes()
    journal = Journal(path)
    journal.add("key 0", "newer", sync=False)
    assert journal.get("key 0") == "newer"
    journal.close()
    assert found(path)[0] == "newer"
    assert path.read_bytes().startswith(before)


def test_only_its_owner_may_read_it(path: Path) -> None:
    """The journal holds what others handed in."""
    assert path.stat().st_mode & 0o077 == 0


def test_a_half_written_end_is_cut_off(path: Path) -> None:
    """Wherever a crash cut the last record off, the others are there, and the next one begins a line."""
    whole = path.read_bytes()
    last = whole[:-1].rfind(b"\n") + 1
    for end in range(last, len(whole)):
        path.write_bytes(whole[:end])
        assert found(path) == [*DATA[:-1], None]
        journal = Journal(path)
        journal.add("key 3", "again")
        journal.close()
        assert found(path) == [*DATA[:-1], "again"]


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=30))
def test_damage_costs_only_what_it_touches(
    tmp_path_factory: pytest.TempPathFactory, place: int, garbage: bytes
) -> None:
    """Bytes that are overwritten anywhere never change a record: it is there as it was, or it is not there."""
    path = tmp_path_factory.mktemp("journal") / "journal.jsonl"
    journal = Journal(path)
    for number, data in enumerate(DATA):
        journal.add(f"key {number}", data)
    journal.close()
    whole = path.read_bytes()
    place %= len(whole)
    path.write_bytes(whole[:place] + garbage + whole[place + len(garbage) :])
    left = found(path)
    assert all(one in (data, None) for one, data in zip(left, DATA, strict=True))
    if len(garbage) < 30 and b"\n" not in whole[place : place + len(garbage)] and place + len(garbage) < len(whole):
        assert sum(one is None for one in left) <= 1


@pytest.mark.parametrize("line", [b"[" * 100_000, b"5", b"null", b"\xff", b'{"key": [], "sum": 0, "data": ""}', b"{}"])
def test_lines_that_are_no_records_are_passed_over(path: Path, line: bytes) -> None:
    """Whatever else stands in a line, the others count."""
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert found(path) == DATA


def test_what_does_not_fit_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full in the middle of a record, the journal is as before, and goes on when there is room."""
    before = path.read_bytes()
    journal = Journal(path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CannotWriteError, match=r"No space left on device\. Make room") as raised:
            journal.add("more", "x")
    assert raised.value.exit_code == 3
    assert journal.get("more") is None
    assert path.read_bytes() == before
    journal.add("more", "x")
    assert journal.get("more") == "x"
    journal.close()


def test_a_journal_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder in its place is one sentence."""
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(CourseError, match="cannot be opened"):
        Journal(tmp_path / "journal.jsonl")
