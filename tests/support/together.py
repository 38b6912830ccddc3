"""Several people at once: each act in a thread with a connection of its own, meeting where a test wants them to."""

import threading
from collections.abc import Callable

from django.db import connection


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of these at once; return what each gave or raised, in order."""
    start = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(10)
            outcomes[place] = acts[place]()
        except Exception as error:  # noqa: BLE001  what each raised is looked at
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


class Meeting:
    """A place between a look and a write where two wait for each other; where the engine lets only one in, it goes on alone."""

    def __init__(self, parties: int = 2, *, patience: float = 0.5) -> None:
        self._barrier, self._patience = threading.Barrier(parties), patience

    def wait(self) -> None:
        try:
            self._barrier.wait(self._patience)
        except threading.BrokenBarrierError:
            return

    def after(self, function: Callable[..., object]) -> Callable[..., object]:
        """Return the function with a wait at its end."""

        def met(*args: object, **kwargs: object) -> object:
            result = function(*args, **kwargs)
            self.wait()
            return result

        return met
