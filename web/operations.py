"""What programs can ask: each operation with its parameters and the shape of its answer.

One table for three uses: the routes, the refusal of parameters that mean nothing, and the OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from search.errors import ParameterError

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address. ``kind`` is ``str``, ``int``, ``bool`` or an enumeration; ``values`` are all that it
    can have, where they are no enumeration; ``most`` its largest number, or its most characters."""

    name: str
    about: str
    kind: type = str
    default: str | int | None = None
    required: bool = False
    repeated: bool = False
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """``path`` as Flask has it. ``answer`` is its type, None for a text. ``types``: what it is answered as."""

    name: str
    path: str
    about: str
    parameters: tuple[Parameter, ...]
    answer: Any
    types: tuple[str, ...]
    missing: bool


class Operations:
    """The operations of a blueprint, in the order in which they are defined."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.all: list[Operation] = []

    def get(
        self,
        path: str,
        *parameters: Parameter,
        answer: Any = None,
        types: Iterable[str] = ("application/json",),
        missing: bool = False,
        also: Sequence[str] = (),
    ) -> Callable[[View], View]:
        """A view for reading. ``missing``: it answers 404 for what is not there. ``also``: other paths to it."""

        def register(view: View) -> View:
            about = " ".join((view.__doc__ or "").split())
            self.all.append(Operation(view.__name__, path, about, parameters, answer, tuple(types), missing))
            known = [parameter.name for parameter in parameters]

            @wraps(view)
            def checked(*arguments: Any, **named: Any) -> ResponseReturnValue:
                refuse_unknown(request.args, known)
                return view(*arguments, **named)

            for one in (path, *also):
                self.blueprint.get(one)(checked)
            return view

        return register


def refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    """Raises ParameterError for the first parameter that means nothing here."""
    known = list(known)
    for name in sorted(set(given) - set(known)):
        said = f"Known are {', '.join(known)}." if known else "It takes none."
        raise ParameterError(f"There is no parameter “{name[:40]}”. {said}", name[:40], "")


def is_enumeration(kind: type) -> bool:
    return issubclass(kind, StrEnum)
