"""Measurements: ratios of two things measured in one run, never assertions."""
