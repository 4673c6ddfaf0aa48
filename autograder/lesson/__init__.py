"""What a notebook uses beside its checks: blocks from an earlier notebook, training that can be stopped, figures."""
