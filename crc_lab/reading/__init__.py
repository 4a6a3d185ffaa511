"""How a short answer in one's own words is read: which ideas it holds, which it does not, what could not be read."""

VERSION = 1
"""Of the form of ``lecture.json``."""
