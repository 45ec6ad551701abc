"""Progress bars: how far a command is, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Show = Callable[[str, int, int], None]
"""Called with what is being done, how far it is and how far it goes; 0 if nobody knows."""


@contextmanager
def shown() -> Iterator[Show]:
    """A bar for each thing that is done, while the block lasts."""
    bar = Progress(
        TextColumn("{task.description:<11}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    stages: dict[str, int] = {}

    def show(stage: str, done: int, total: int) -> None:
        if stage not in stages:
            stages[stage] = bar.add_task(stage, total=total or None)
        bar.update(stages[stage], completed=done, total=total or None)  # type: ignore[arg-type]

    with bar:
        yield show
