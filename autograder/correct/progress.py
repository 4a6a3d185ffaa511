"""Where a long command stands: a bar on a terminal, one line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[str], None]
"""To be called with the name of each thing that is done."""


@contextmanager
def progress(what: str, total: int, line: str = "") -> Iterator[Step]:
    """A bar of ``total`` steps headed by ``what``; on anything but a terminal, ``line`` (nothing when empty)."""
    if not sys.stderr.isatty():
        if line:
            print(line, file=sys.stderr)
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, name="")

        def step(name: str) -> None:
            bar.update(task, advance=1, name=name.rsplit("/", 1)[-1][:50])

        yield step
