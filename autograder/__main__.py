"""`python -m autograder` is the same as `autograder`."""

from autograder.cli import main

main()
