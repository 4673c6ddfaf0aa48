"""The first code cell of every notebook, but for this line and the assignment's name; it is read, never imported."""

import importlib.util

if importlib.util.find_spec("autograder") is None:  # as in Google Colab: the checks are in the course's zip file
    import subprocess
    import sys
    import tempfile
    import zipfile
    from pathlib import Path

    wheels = []
    files = [*Path.cwd().glob("*.*"), *Path("/content").glob("*.*")]
    for file in sorted(filter(Path.is_file, files), key=lambda file: file.stat().st_mtime):  # the newest last
        if file.match("residual_course-*.whl"):
            wheels.append(str(file))
        elif file.suffix == ".zip" and zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                names = [name for name in archive.namelist() if Path(name).match("residual_course-*.whl")]
                wheels += [archive.extract(name, tempfile.mkdtemp()) for name in names]
    if not wheels:
        raise ModuleNotFoundError(
            "The checks are not installed. In Colab, upload the course's zip file (folder symbol on the left), wait until it is complete and run this cell again. On your own machine, do what the README.md in the zip file says."
        )
    # Without dependencies: NumPy, Matplotlib, Keras and IPython are here, and Colab needs the versions that it has.
    subprocess.run([sys.executable, "-m", "pip", "install", "-qq", "--no-deps", wheels[-1]], check=True)
    importlib.invalidate_caches()

from autograder import checks_for, start_keras

check = checks_for("ASSIGNMENT")
start_keras()
