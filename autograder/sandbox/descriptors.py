"""Descriptors of a process: which it keeps, and how many it may have."""

import os
import resource
from collections.abc import Iterable


def close_all_but(kept: Iterable[int], errors: bool = False) -> None:
    """Close all descriptors except some.

    Args:
        kept: these.
        errors: whether standard error is one of them; it leads nowhere otherwise, as input and output always do.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1) if errors else (0, 1, 2):
        os.dup2(nowhere, number)
    last = 2
    for number in sorted({*kept} - {0, 1, 2}):
        os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, os.sysconf("SC_OPEN_MAX"))


_ENOUGH = 4096


def allow_more_than_a_child() -> None:
    """Raise this process's limit as far as that makes a difference, and its user may.

    The kernel adds up the descriptors that all processes of a user have sent and nobody has received, and lets each of
    them send only while that sum is below its own limit. Children, whose limit is at most half of this one, can bring
    the sum to their own and stop each other from sending, but not us.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now < _ENOUGH:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, _ENOUGH), most))
