"""The course folder as the trusted side sees it: paths, references, the secret seed, and nbgrader as a command."""
