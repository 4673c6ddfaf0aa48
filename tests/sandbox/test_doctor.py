"""What the doctor says of this machine."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from autograder.sandbox import doctor, landlock
from autograder.sandbox.level import Level
from autograder.sandbox.paths import PACKAGE, readable_paths
from tests.sandbox.ward import missing


def test_the_strongest_level_that_works_is_found() -> None:
    """Each level is reported, with a remedy if it does not work; the first that works is the one to use."""
    level, findings = doctor.find_level()
    assert [finding.level for finding in findings] == [Level.NAMESPACES, Level.LANDLOCK]
    assert [bool(finding.remedy) for finding in findings] == [not finding.works for finding in findings]
    assert level == next((finding.level for finding in findings if finding.works), Level.NONE)
    assert all(finding.works or missing(finding.level) for finding in findings), findings


def test_a_sandbox_that_leaks_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a sandbox the same trial finds that it reaches files, network and processes."""
    (tmp_path / "notes").touch()
    monkeypatch.chdir(tmp_path)
    said = doctor._tried(Level.NONE)
    assert f"{tmp_path / 'notes'} can be read" in said
    assert f"{tmp_path} can be written to" in said
    assert "the network can be reached" in said
    assert f"process {os.getpid()} can be signalled" in said


def test_a_package_below_tmp_is_no_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """In namespaces /tmp is the submission's own; the folders on the way to a package there may be writable."""
    if reason := missing(Level.NAMESPACES):
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        package = Path(folder, "autograder")
        shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("expected", "__pycache__"))
        Path(folder, "notes").touch()
        Path(folder).chmod(0o755)
        monkeypatch.setattr(doctor, "PACKAGE", package)
        monkeypatch.setattr(doctor, "readable_paths", lambda: [*readable_paths(), package])
        assert doctor._tried(Level.NAMESPACES) == ""


def test_missing_bubblewrap_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bwrap on the path the remedy is to install it."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert "install bubblewrap" in doctor._namespaces().remedy


@pytest.mark.parametrize(
    ("number", "remedy"), [(errno.ENOSYS, doctor._NEWER_LINUX), (errno.EOPNOTSUPP, doctor._SWITCH_ON)]
)
def test_missing_landlock_is_said(monkeypatch: pytest.MonkeyPatch, number: int, remedy: str) -> None:
    """A kernel without Landlock and one where it is switched off are told apart."""

    def refuse() -> int:
        raise OSError(number, "")

    monkeypatch.setattr(landlock, "version", refuse)
    assert doctor._landlock().remedy == remedy


def test_the_setting_that_forbids_namespaces_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is the command that changes the very setting that forbids them."""
    setting = tmp_path / "setting"
    setting.write_text("1\n")
    monkeypatch.setattr(doctor, "_SETTINGS", {str(setting): ("1", "sysctl -w x=0")})
    assert doctor._remedy_for_namespaces() == "As root: `sysctl -w x=0`."


def test_a_worker_that_does_not_start_is_quoted() -> None:
    """The last line that it wrote is the reason."""
    assert doctor._judged(b"", b"", "first\nbwrap: no permission\n") == "bwrap: no permission"
