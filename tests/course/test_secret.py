"""The secret seed and the course folder."""

import stat
from pathlib import Path

import pytest

from autograder.course.folder import COURSE_VARIABLE, Course, find_course
from autograder.course.secret import VARIANTS, derived, secret_seed, seed_for
from autograder.errors import CourseError, UsageError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return an empty course folder."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    return Course(tmp_path)


def test_secret_is_made_once_and_private(course: Course) -> None:
    """The secret is made at the first call, is readable by its owner only, and stays."""
    first = secret_seed(course)
    assert len(first) == 32
    assert secret_seed(course) == first
    assert stat.S_IMODE(course.secret_seed.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "not hex", "ab12"])
def test_damaged_secret_is_not_replaced(course: Course, content: str) -> None:
    """A damaged secret is an error: another one would change every student's cases."""
    course.secret_seed.parent.mkdir()
    course.secret_seed.write_text(content)
    with pytest.raises(CourseError, match="secret seed"):
        secret_seed(course)
    assert course.secret_seed.read_text() == content


def test_numbers_differ_by_purpose() -> None:
    """Each word changes the number; the same words and secret give it again."""
    numbers = {derived(b"s", *names) for names in [("a", "b", "c"), ("a", "b", "d"), ("a", "bc", ""), ("ab", "c", "")]}
    assert len(numbers) == 4
    assert derived(b"s", "a", "b") == derived(b"s", "a", "b") != derived(b"t", "a", "b")
    assert all(0 <= number < 2**32 for number in numbers)


def test_students_share_a_few_sets_of_cases() -> None:
    """A class has a few sets of secret cases; which one a student gets hangs on the secret, and stays."""
    students = [f"student {number}" for number in range(200)] + ["Zoë", "\udcff", "=1+1", "a\nb"]
    seeds = [seed_for(b"s", "03", "block", student) for student in students]
    assert len(set(seeds)) == VARIANTS
    assert seeds == [seed_for(b"s", "03", "block", student) for student in students]
    assert seeds != [seed_for(b"t", "03", "block", student) for student in students]
    assert len(set(seeds) & {seed_for(b"s", "03", "other block", student) for student in students}) == 0


def test_course_is_found_from_below(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that the user gives counts first, then the environment's, then the nearest above."""
    monkeypatch.delenv(COURSE_VARIABLE, raising=False)
    deep = course.root / "demo" / "autograded" / "ada"
    deep.mkdir(parents=True)
    assert find_course(deep) == find_course(here=deep) == course
    monkeypatch.setenv(COURSE_VARIABLE, str(tmp_path.parent))
    assert find_course(deep) == course
    with pytest.raises(CourseError, match=r"AUTOGRADER_COURSE names .* unset it"):
        find_course(here=deep)
    with pytest.raises(UsageError, match="is not in a course folder"):
        find_course(tmp_path.parent)
