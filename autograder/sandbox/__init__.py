"""Where a student's code runs: a preloaded zygote, single-use children, namespaces and limits."""
