"""nbgrader's settings for this course: directories and delimiters. Everything else is nbgrader's default."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
# Kernels inherit it: a hidden check finds the course also after a student's cell has changed the folder.
os.environ["AUTOGRADER_COURSE"] = c.CourseDirectory.root
c.CourseDirectory.course_id = "residual-course"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "notebooks"

# nbgrader drops the marker lines, so the stub writes them again.
c.ClearSolutions.begin_solution_delimeter = "START CODE HERE"
c.ClearSolutions.end_solution_delimeter = "END CODE HERE"
c.ClearSolutions.code_stub = {
    "python": "### START CODE HERE ###\n"
    'raise NotImplementedError("This gap is still empty: write your code here and delete this line.")\n'
    "### END CODE HERE ###"
}

# A cell may import TensorFlow on a slow machine: nbgrader's default of 30 seconds is short for that.
c.ExecutePreprocessor.timeout = 300
# A cell that comes to no end is interrupted, and the cells behind it are still run and scored.
c.ExecutePreprocessor.interrupt_on_timeout = True
