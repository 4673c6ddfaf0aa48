"""How one graph departs from another: what is missing, too many, set otherwise, wired otherwise or in another order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from autograder.checks.diagram import SUM, Node

RADIUS = 4
"""How many operations before and behind a node are looked at to recognise it."""

MISSING, EXTRA, OTHER_OPERATION = "missing", "extra", "other operation"
OTHER_SETTINGS, OTHER_NAME, OTHER_SIZE = "other settings", "other name", "other size"
OTHER_INPUT, OTHER_ORDER = "other input", "other place"

Pairs = dict[int, int]
"""Number of an expected node to that of the student's node which takes its place."""


@dataclass(frozen=True)
class Deviation:
    """One place where a graph departs from the expected one.

    Args:
        kind: what it is, in two words at most.
        sentence: the same for a reader who sees no figure.
        mine: the student's nodes that depart.
        expected: the nodes in whose place they stand, or that are missing.
    """

    kind: str
    sentence: str
    mine: tuple[int, ...] = ()
    expected: tuple[int, ...] = ()


def deviations(mine: Sequence[Node], expected: Sequence[Node]) -> list[Deviation]:
    """Compare two graphs.

    Names that Keras gives, names that nobody asked for, and the order of the summands do not matter.

    Args:
        mine: the student's graph.
        expected: the reference's.

    Returns:
        Each deviation, from the input to the output; none if the graphs are the same.
    """
    pairs = _matched(mine, expected)
    pairs |= _replaced(mine, expected, pairs)
    moved = _moved(mine, expected, pairs)
    found = [*_missing(mine, expected, pairs), *_extra(mine, pairs), *_placed_otherwise(mine, expected, pairs, moved)]
    found += _settings(mine, expected, pairs)
    for theirs, own in pairs.items():
        found += _operation_and_name(mine[own], expected[theirs], own, theirs)
        found += _size(mine, expected, pairs, theirs)
    still = {theirs: own for theirs, own in pairs.items() if theirs not in moved}
    found += _wiring(mine, expected, still)
    return sorted(found, key=lambda one: _depth(one, mine, expected))


def called(node: Node) -> str:
    """Name a node in a sentence."""
    name, kind = node.note.partition("\n")[0], "the sum" if node.label == SUM else _kind(node)
    return f"{kind} ({name})" if name else kind


def _depth(one: Deviation, mine: Sequence[Node], expected: Sequence[Node]) -> float:
    """Return how far behind the input a deviation begins, as a share of its graph."""
    return min(one.mine) / len(mine) if one.mine else min(one.expected) / len(expected)


def _readers(nodes: Sequence[Node]) -> list[list[int]]:
    readers: list[list[int]] = [[] for _ in nodes]
    for number, node in enumerate(nodes):
        for read in node.reads:
            readers[read].append(number)
    return readers


def _contexts(nodes: Sequence[Node]) -> list[list[int]]:
    """Return for each node what it is, and what stands up to so many operations before it and behind it."""
    own = [hash((node.label, _without_name(node))) for node in nodes]
    before, behind = [own], [own]
    readers = _readers(nodes)
    for _ in range(RADIUS):
        last_before, last_behind = before[-1], behind[-1]
        before.append([hash((own[i], *sorted(last_before[j] for j in one.reads))) for i, one in enumerate(nodes)])
        behind.append([hash((own[i], *sorted(last_behind[j] for j in read))) for i, read in enumerate(readers)])
    return [[*up, *down] for up, down in zip(zip(*before, strict=True), zip(*behind, strict=True), strict=True)]


def _name(node: Node) -> str:
    return next((one for one in node.settings if one.startswith("name=")), "")


def _without_name(node: Node) -> tuple[str, ...]:
    return tuple(one for one in node.settings if not one.startswith("name="))


def _kind(node: Node) -> str:
    return node.label.replace(",", " ").split()[0]


def _matched(mine: Sequence[Node], expected: Sequence[Node]) -> Pairs:
    """Pair nodes of one kind, those first that have the same name and the same surroundings."""
    of_mine, of_expected = _contexts(mine), _contexts(expected)

    def likeness(theirs: int, own: int) -> float:
        one, other = mine[own], expected[theirs]
        same_name = bool(_name(one)) and _name(one) == _name(other)
        around = sum(a == b for a, b in zip(of_mine[own], of_expected[theirs], strict=True))
        sources = [sorted(_kind(nodes[i]) for i in node.reads) for nodes, node in ((mine, one), (expected, other))]
        apart = abs(own / len(mine) - theirs / len(expected))
        return 6 * same_name + around + 2 * (one.label == other.label) + (sources[0] == sources[1]) - apart

    candidates = [
        (likeness(theirs, own), theirs, own)
        for theirs, own in product(range(len(expected)), range(len(mine)))
        if _kind(mine[own]) == _kind(expected[theirs])
    ]
    pairs: Pairs = {}
    taken: set[int] = set()
    for _, theirs, own in sorted(candidates, key=lambda one: (-one[0], one[1], one[2])):
        if theirs not in pairs and own not in taken:
            pairs[theirs] = own
            taken.add(own)
    return dict(sorted(pairs.items()))


def _replaced(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs) -> Pairs:
    """Pair nodes of different kinds that read the same, such as a concatenation in place of a sum."""
    left = [i for i in range(len(mine)) if i not in pairs.values()]
    found: Pairs = {}
    for theirs in (i for i in range(len(expected)) if i not in pairs):
        wanted = sorted(pairs.get(read, -1) for read in expected[theirs].reads)
        for own in left:
            if sorted(mine[own].reads) == wanted and own not in found.values():
                found[theirs] = own
                break
    return found


def _ancestors(nodes: Sequence[Node]) -> list[set[int]]:
    found: list[set[int]] = []
    for node in nodes:
        found.append({*node.reads}.union(*(found[read] for read in node.reads)))
    return found


def _moved(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs) -> dict[int, int]:
    """Return the expected nodes that stand before a node in the one graph and behind it in the other, with that node.

    As few as possible: of two that changed places the one without weights has moved.
    """
    of_mine, of_expected = _ancestors(mine), _ancestors(expected)
    changed = {
        (first, second)
        for second in pairs
        for first in of_expected[second] & pairs.keys()
        if pairs[second] in of_mine[pairs[first]]
    }
    moved: dict[int, int] = {}
    while changed:
        count = Counter(one for pair in changed for one in pair)
        most = max(count, key=lambda one: (count[one], not _has_weights(expected[one]), one))
        moved[most] = min(one for pair in changed if most in pair for one in pair if one != most)
        changed = {pair for pair in changed if most not in pair}
    return moved


def _has_weights(node: Node) -> bool:
    return _kind(node) in ("Conv2D", "BatchNormalization", "Dense")


def _missing(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs) -> list[Deviation]:
    """Return what is missing, nodes that follow one another together: most often a line reads the wrong variable."""
    found: list[Deviation] = []
    groups: list[list[int]] = []
    for theirs in (i for i in range(len(expected)) if i not in pairs):
        near = [group for group in groups if set(group) & set(expected[theirs].reads)]
        groups = [group for group in groups if group not in near] + [[*(i for group in near for i in group), theirs]]
    for group in map(sorted, groups):
        sentence = f"missing: {_list(expected, group)}, which reads {_list(expected, expected[group[0]].reads)}"
        if len(group) > 1:
            readers = [i for i in range(len(expected)) if i in pairs and set(group) & set(expected[i].reads)]
            instead = [f"{called(mine[pairs[i]])} reads {_list(mine, mine[pairs[i]].reads)}" for i in readers]
            sentence = f"missing: {_list(expected, group)}; {' and '.join(instead) or 'nothing stands in their place'}"
        found.append(Deviation(MISSING, f"{sentence}. If your code makes it, nothing uses it", expected=tuple(group)))
    return found


def _extra(mine: Sequence[Node], pairs: Pairs) -> list[Deviation]:
    extra = sorted(set(range(len(mine))) - set(pairs.values()))
    return [
        Deviation(EXTRA, f"not expected: {called(mine[own])}, which reads {_list(mine, mine[own].reads)}", (own,))
        for own in extra
    ]


def _list(nodes: Sequence[Node], numbers: Sequence[int]) -> str:
    *first, last = [called(nodes[i]) for i in numbers] or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last


def _placed_otherwise(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs, moved: Pairs) -> list[Deviation]:
    of_expected = _ancestors(expected)
    return [
        Deviation(
            OTHER_ORDER,
            f"{called(mine[pairs[theirs]])} stands {'before' if other in of_expected[theirs] else 'behind'} "
            f"{called(mine[pairs[other]])}; expected {'behind' if other in of_expected[theirs] else 'before'} it",
            (pairs[theirs],),
            (theirs,),
        )
        for theirs, other in moved.items()
    ]


def _settings(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs) -> list[Deviation]:
    """Return what is set otherwise; layers of one kind that depart alike are told together."""
    alike: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for theirs, own in pairs.items():
        if _kind(mine[own]) == _kind(expected[theirs]) and (words := _set_otherwise(mine[own], expected[theirs])):
            alike.setdefault((_kind(mine[own]), words), []).append((own, theirs))
    found = []
    for (_, words), places in alike.items():
        here, there = tuple(own for own, _ in places), tuple(theirs for _, theirs in places)
        found.append(Deviation(OTHER_SETTINGS, f"{_list(mine, here)}: {words}", here, there))
    return found


def _set_otherwise(mine: Node, expected: Node) -> str:
    given, wanted = (dict(one.split("=", 1) for one in _without_name(node)) for node in (mine, expected))
    words = [f"{mine.label}; expected {expected.label}"] * (mine.label != expected.label)
    for key in sorted(given.keys() | wanted.keys()):
        if given.get(key) != wanted.get(key):
            words.append(f"{_in_words(key, given)}; expected {_in_words(key, wanted)}")
    return ", and ".join(words)


def _in_words(key: str, settings: Mapping[str, str]) -> str:
    """Say how a setting is chosen; what is not listed is as Keras has it."""
    if key == "places":
        return f"one layer at {settings[key]} places" if key in settings else "a layer for each place"
    if key not in settings:
        return "no training= in its call" if key == "training" else f"{key} as Keras has it"
    return f"{key}={settings[key]}"


def _operation_and_name(mine: Node, expected: Node, own: int, theirs: int) -> list[Deviation]:
    if _kind(mine) != _kind(expected):
        sentence = f"{called(mine)} stands in the place of {called(expected)}"
        return [Deviation(OTHER_OPERATION, sentence, (own,), (theirs,))]
    name, wanted = (_name(node).partition("=")[2] for node in (mine, expected))
    if not wanted or name == wanted:
        return []
    is_named = "has another name" if name else "has no name of yours"
    return [Deviation(OTHER_NAME, f"{called(mine)} {is_named}; expected {wanted}", (own,), (theirs,))]


def _size(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs, theirs: int) -> list[Deviation]:
    """Compare what a node makes, where what it reads is as it should be and its label does not tell the reason."""
    own, node = pairs[theirs], expected[theirs]
    reads = [pairs.get(read) for read in node.reads]
    if mine[own].label != node.label or sorted(mine[own].reads) != sorted(one for one in reads if one is not None):
        return []
    if any(_made(mine[pairs[read]]) != _made(expected[read]) for read in node.reads if read in pairs):
        return []
    size, wanted = _made(mine[own]), _made(node)
    sentence = f"{called(mine[own])} makes {size}; expected {wanted}"
    return [Deviation(OTHER_SIZE, sentence, (own,), (theirs,))] if size != wanted else []


def _made(node: Node) -> str:
    return node.note.rpartition("\n")[2]


def _wiring(mine: Sequence[Node], expected: Sequence[Node], pairs: Pairs) -> list[Deviation]:
    """Compare what paired nodes read, passing over those that have no partner or stand elsewhere."""
    found = []
    partners = {own: theirs for theirs, own in pairs.items()}
    for theirs, own in pairs.items():
        wanted = Counter(pairs[read] for read in _sources(expected, theirs, pairs))
        got = Counter(_sources(mine, own, partners))
        if wanted != got:
            reads = _list(mine, sorted(got.elements()))
            sentence = f"{called(mine[own])} reads {reads}; expected {_list(mine, sorted(wanted.elements()))}"
            found.append(Deviation(OTHER_INPUT, sentence, (own,), (theirs,)))
    return found


def _sources(nodes: Sequence[Node], number: int, known: Pairs) -> list[int]:
    """Return what a node reads, with what an unknown node reads in its place."""
    found: list[int] = []
    for read in nodes[number].reads:
        found += [read] if read in known else _sources(nodes, read, known)
    return found
