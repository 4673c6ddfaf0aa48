"""Which card told what, so that a wrong function which fails five checks is explained once and not five times."""

from collections.abc import Iterator, Sequence

from autograder.model import Outcome, Verdict

Told = tuple[str, ...]
"""What a card tells beyond its own check: a mistake with its hints, or what broke the function off."""


def what_it_tells(verdict: Verdict) -> Told:
    """Return what may be said of other checks as well; empty if it concerns this check alone."""
    if verdict.outcome in (Outcome.PASSED, Outcome.SKIPPED):
        return ()
    if verdict.hint or verdict.where or verdict.named:
        return ("mistake", verdict.mistake or "", verdict.hint, verdict.where, verdict.named)
    if verdict.message and not (verdict.expected or verdict.got or verdict.look_at):
        return ("broken off", verdict.message, verdict.tried)
    return ()


class Cards:
    """The cards that stand in a notebook now: each check's latest, if it was shown in full."""

    def __init__(self) -> None:
        """Begin with none."""
        self._full: dict[tuple[str, str], Told] = {}

    def above(self, verdict: Verdict, order: Sequence[str]) -> str:
        """Note a card that is about to be shown.

        Args:
            verdict: what it shows.
            order: names of the exercise's checks from the top of the notebook; what stands above is read first.

        Returns:
            The name of the check whose card tells the same, or nothing if this card has to tell it.
        """
        mine, tells = (verdict.exercise, verdict.check), what_it_tells(verdict)
        self._full.pop(mine, None)
        if not tells:
            return ""
        for name in order[: order.index(verdict.check)] if verdict.check in order else ():
            if self._full.get((verdict.exercise, name)) == tells:
                return name
        self._full[mine] = tells
        return ""


def with_references(verdicts: Sequence[Verdict]) -> Iterator[tuple[Verdict, str]]:
    """Yield each verdict of a notebook with the name of the check above that tells the same, or with nothing."""
    cards = Cards()
    order = [verdict.check for verdict in verdicts]
    for verdict in verdicts:
        yield verdict, cards.above(verdict, order)
