"""Pure functions from graded submissions to text and files."""
