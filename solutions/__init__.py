"""The reference package: what a right answer to each gap of the course looks like."""
