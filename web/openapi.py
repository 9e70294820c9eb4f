"""The API described: as OpenAPI 3.1 for programs, made from the very types that it answers with, and as a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, TypedDict, cast

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from web import links
from web.operations import Operation, Parameter, is_enumeration
from web.parameters import IDENTIFIER
from web.schema import Schema, Schemas

bp = Blueprint("openapi", __name__)

_PATH = re.compile(r"<(?:path:)?(\w+)>")
_HEADERS = {
    "X-Index-Generation": {"description": "Of which generation of the index this is.", "schema": {"type": "string"}},
    "ETag": {"description": "Of the index and the question, for If-None-Match.", "schema": {"type": "string"}},
}


class ProblemJson(TypedDict, total=False):
    """What went wrong (RFC 9457). ``position`` is a 0-based character of the query; ``parameter`` names what cannot
    have its ``value``, ``limit`` what allows at most ``most``; ``retryable`` says that it may work later."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str
    value: str
    limit: str
    most: int | float
    position: int | None
    hint: str
    retryable: bool


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document of some operations."""
    schemas = Schemas()
    paths: dict[str, Any] = {}
    for operation in operations:
        paths[_PATH.sub(r"{\1}", operation.path)] = {"get": _operation(operation, schemas)}
    schemas.of(ProblemJson)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "On Record",
            "version": version("onrecord"),
            "summary": "Search who said what, down to the paragraph.",
            "description": "Within v1 keys and parameters may be added; none is removed or given another meaning.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": links.at("/")}],
        "paths": paths,
        "components": {"schemas": schemas.made},
    }


def _operation(operation: Operation, schemas: Schemas) -> Schema:
    problem = {"application/problem+json": {"schema": schemas.of(ProblemJson)}}
    body = schemas.of(operation.answer) if operation.answer else {"type": "string"}
    answers: Schema = {
        "200": {
            "description": "The answer.",
            "headers": _HEADERS,
            "content": {media: {"schema": body} for media in operation.types},
        },
        "304": {"description": "What If-None-Match names is still the answer."},
        "400": {"description": "A parameter or the query cannot be answered.", "content": problem},
    }
    if operation.missing:
        answers["404"] = {"description": "There is nothing of that id.", "content": problem}
    answers["503"] = {"description": "There is no index that could be searched just now.", "content": problem}
    inside = [Parameter(name, IDENTIFIER, required=True) for name in _PATH.findall(operation.path)]
    return {
        "operationId": re.sub(r"\W+", "_", operation.path).strip("_"),
        "summary": operation.about,
        "parameters": [_parameter(one, "path") for one in inside]
        + [_parameter(one, "query") for one in operation.parameters],
        "responses": answers,
    }


def _parameter(parameter: Parameter, place: str) -> Schema:
    schema = _value(parameter)
    if parameter.repeated:
        schema = {"type": "array", "items": schema, "maxItems": 50}
    described: Schema = {
        "name": parameter.name,
        "in": place,
        "description": parameter.about,
        "required": parameter.required,
        "schema": schema,
    }
    return described | ({"style": "form", "explode": True} if parameter.repeated else {})


def _value(parameter: Parameter) -> Schema:
    if is_enumeration(parameter.kind):
        schema: Schema = {"type": "string", "enum": [str(one) for one in parameter.kind]}  # type: ignore[attr-defined]
    elif parameter.values:
        schema = {"type": "string", "enum": list(parameter.values)}
    elif parameter.kind is int:
        schema = {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    elif parameter.kind is bool:
        schema = {"type": "string", "enum": ["true", "false", "1", "0"]}
    else:
        schema = {"type": "string"}
        if parameter.most:
            schema["maxLength"] = parameter.most
        if parameter.pattern:
            schema["pattern"] = parameter.pattern
    return schema | ({} if parameter.default is None else {"default": parameter.default})


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """The API for programs that read such descriptions."""
    return jsonify(document(_operations()))


@bp.get("/api")
def guide() -> ResponseReturnValue:
    """The API for people."""
    paths = document(_operations())["paths"]
    told = [(path, one, paths[path]["get"]) for one in _operations() for path in [_PATH.sub(r"{\1}", one.path)]]
    return render_template("api.html", operations=told)


def _operations() -> Sequence[Operation]:
    """Those of the application that is answering."""
    return cast(Sequence[Operation], current_app.extensions["operations"])
