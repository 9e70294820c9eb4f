"""JSON Schemas made from the types of the code: TypedDicts, lists, unions and plain values."""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


class Schemas:
    """Schemas by name, each made when it is first referred to."""

    def __init__(self, place: str = "#/components/schemas/") -> None:
        self.place = place
        self.made: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type.

        >>> Schemas().of(list[int] | None)
        {'anyOf': [{'type': 'array', 'items': {'type': 'integer'}}, {'type': 'null'}]}
        """
        origin, inner = get_origin(hint), get_args(hint)
        if hint in _PLAIN:
            return {"type": _PLAIN[hint]}
        if origin is list:
            return {"type": "array", "items": self.of(inner[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(one) for one in inner]}
        if is_typeddict(hint):
            return self._refer(hint)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return {"type": "string", "enum": [str(one) for one in hint]}
        raise TypeError(f"no schema for {hint!r}")

    def _refer(self, shape: Any) -> Schema:
        name = shape.__name__.removesuffix("Json")
        if name not in self.made:
            self.made[name] = {}  # so that a shape may hold itself
            self.made[name] |= self._object(shape)
        return {"$ref": self.place + name}

    def _object(self, shape: Any) -> Schema:
        keys = get_type_hints(shape)
        schema: Schema = {
            "type": "object",
            "properties": {name: self.of(hint) for name, hint in keys.items()},
            "required": [name for name in keys if name in shape.__required_keys__],
        }
        about = vars(shape).get("__doc__")  # not one that it inherits from dict
        if about:
            schema["description"] = " ".join(about.split())
        return schema
