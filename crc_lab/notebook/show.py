"""The one place that displays in a notebook (IPython has no types of its own)."""

from __future__ import annotations

from IPython.display import HTML, display


def show(thing: object) -> None:
    """Display a widget or a picture below the cell."""
    display(thing)  # type: ignore[no-untyped-call]


def show_html(html: str) -> None:
    """Display an HTML fragment; its text was escaped by whoever made it."""
    display(HTML(html))  # type: ignore[no-untyped-call]
