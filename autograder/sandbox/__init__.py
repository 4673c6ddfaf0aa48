"""Where a student's code runs: preloaded workers, single-use children, namespaces and limits."""
