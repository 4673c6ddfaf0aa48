"""Right answers written differently, as changes to the references' text; none of them may lose a point.

The styles of `solutions/blocks.py` stand in `blocks.py` here, as `STYLES`: name of an exercise to its styles.
"""
