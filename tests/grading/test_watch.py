"""Submissions as they arrive: each once, when it is whole."""

import shutil
from pathlib import Path

from autograder.grading.classroom import open_classroom
from autograder.grading.watch import arriving
from autograder.model import Submission


def put(folder: Path, student: str, text: str) -> None:
    """Hand something in."""
    path = folder / student / "03_x" / "03_x.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_arrives_is_taken_once_it_stays_the_same(tmp_path: Path) -> None:
    """A submission that is still being written waits; a taken one comes again only when it has changed."""
    looks = arriving(open_classroom(tmp_path), ("03_x",), seconds=0)

    def look() -> list[str]:
        found = list[Submission]()
        while (one := next(looks)) is not None:
            found.append(one)
        return [one.student for one in found]

    assert look() == []
    put(tmp_path, "ada", "half")
    assert look() == []
    put(tmp_path, "ada", "half and the rest")
    put(tmp_path, "eve", "whole")
    assert look() == []
    assert look() == ["ada", "eve"]
    assert look() == []
    put(tmp_path, "eve", "another one")
    assert look() == []
    assert look() == ["eve"]
    (tmp_path / "eve" / "03_x" / "figures").mkdir()
    (tmp_path / "eve" / "03_x" / "figures" / "a.png").write_text("beside the notebook")
    assert look() == []
    assert look() == ["eve"]
    (tmp_path / "eve" / "03_x" / "figures" / "a.png").write_text("changed in a folder below")
    assert look() == []
    assert look() == ["eve"]
    shutil.rmtree(tmp_path / "eve" / "03_x" / "figures")
    (tmp_path / "eve" / "03_x" / "03_x.ipynb").unlink()
    (tmp_path / "eve" / "03_x").rmdir()
    assert look() == []
