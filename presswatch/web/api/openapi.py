"""The OpenAPI 3.1 document, made from the declarations by which requests are understood. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from presswatch import __version__
from presswatch.web.api.declare import Endpoint, Parameter
from presswatch.web.api.schemas import SCHEMAS, page_of

__all__ = ["document"]

_PROBLEMS = {
    "400": "A parameter, or what was sent, can't be meant; the detail says which.",
    "401": "The installation asks for a token, and none that is known was sent.",
    "403": "The installation shows that to nobody who comes this way, or the token only reads.",
    "404": "There is no such thing.",
    "421": "The installation is not known by the name in the Host header.",
    "503": "The database can't be read now.",
}


def document(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "presswatch",
            "version": __version__,
            "description": "What newsrooms published, what they changed, and what people made of it.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"token": []}],
        "paths": {each.path: {each.method.lower(): _operation(each)} for each in endpoints},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
            "responses": {f"Problem{status}": _problem(says) for status, says in _PROBLEMS.items()},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    answer = page_of(endpoint.answer) if endpoint.listed else {"$ref": f"#/components/schemas/{endpoint.answer}"}
    taken = {"schema": {"$ref": f"#/components/schemas/{endpoint.takes}"}}
    sent = {"requestBody": {"required": True, "content": {"application/json": taken}}} if endpoint.takes else {}
    return {
        **sent,
        "operationId": endpoint.name,
        "summary": endpoint.says,
        "parameters": [_parameter(each) for each in endpoint.parameters],
        "responses": {
            "200": {
                "description": "Found.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": answer}},
            },
            "304": {"description": "It is what If-None-Match names."},
            **{status: {"$ref": f"#/components/responses/Problem{status}"} for status in _PROBLEMS},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": parameter.schema, "maxItems": 20} if parameter.many else parameter.schema
    found = {
        "name": parameter.name,
        "in": "path" if parameter.in_path else "query",
        "description": parameter.says,
        "required": parameter.in_path,
        "schema": schema,
    }
    return {**found, "style": "form", "explode": True} if parameter.many else found


def _problem(says: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": says, "content": {"application/problem+json": {"schema": schema}}}
