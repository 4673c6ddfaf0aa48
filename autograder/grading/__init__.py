"""From a submission to a score: hidden checks, nbgrader, the gradebook."""
