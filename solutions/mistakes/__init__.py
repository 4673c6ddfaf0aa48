"""Mistakes of real learners, as changes to the references' text; never shipped, since they hold the solutions.

The mistakes of `solutions/blocks.py` stand in `blocks.py` here, as `MISTAKES`: name of an exercise to its mistakes.
"""
