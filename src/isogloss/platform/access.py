"""The registry of doors: the only functions that lead from an id in a URL to an object."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Door:
    """A registered door and who may pass it, for the contract walk and for readers."""

    name: str
    opens: str
    roles: tuple[str, ...]


_DOORS: dict[str, Door] = {}


def door(*, opens: str, roles: tuple[str, ...]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Register a function as the door to one kind of object; a stranger meets 404, a member without the role 403."""

    def register(function: Callable[P, T]) -> Callable[P, T]:
        name = f"{function.__module__}.{function.__qualname__}"
        _DOORS[name] = Door(name=name, opens=opens, roles=roles)
        return function

    return register


def doors() -> list[Door]:
    """Return every registered door, by name."""
    return [_DOORS[name] for name in sorted(_DOORS)]
