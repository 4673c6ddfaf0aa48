"""Texts of unknown origin on a terminal."""


def printable(text: str) -> str:
    """Return a text on one line, without what would steer a terminal; a student's folder may have any name."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
