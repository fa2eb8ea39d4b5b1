"""Check calls against a platform's own OpenAPI description, where that file lies beside this project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SPECS = Path(__file__).parents[3] / "shared" / "specs"

Json = dict[str, Any]


class Description:
    """One OpenAPI file. Complaints are sentences; none means that a call is as described."""

    def __init__(self, file: Path) -> None:
        self._whole: Json = _read(file)
        self._components = self._whole["components"]

    def complaints(  # noqa: PLR0913 - a call has so many parts
        self, method: str, path: str, *, query: Mapping[str, str], body: object, status: int, answer: object
    ) -> list[str]:
        """What of a call and its answer is not as described."""
        template, operation = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation"]
        named = f"{method} {template}"
        return [
            f"{named}: {said}"
            for said in (*self._asked(operation, query, body), *self._answered(operation, status, answer))
        ]

    def _operation(self, method: str, path: str) -> tuple[str, Json | None]:
        # the most literal template wins: /2/users/me before /2/users/{id}
        for template in sorted(self._whole["paths"], key=lambda one: one.count("{")):
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in self._whole["paths"][template]:
                found = self._whole["paths"][template]
                operation: Json = found[method.lower()]
                # some describe what all operations of an address have in common once
                shared = found.get("parameters", [])
                return template, {**operation, "parameters": [*shared, *operation.get("parameters", [])]}
        return path, None

    def _asked(self, operation: Json, query: Mapping[str, str], body: object) -> Iterator[str]:
        parameters = [self._resolved(one) for one in operation.get("parameters", [])]
        known = {one["name"]: one for one in parameters if one["in"] == "query"}
        for name, value in query.items():
            if name not in known:
                yield f"the parameter {name} is not described"
                continue
            schema = self._resolved(known[name]["schema"])
            yield from (f"{name}={value}: {said}" for said in self._against(_typed(value, schema), schema))
        yield from (f"{name} is required" for name, one in known.items() if one.get("required") and name not in query)
        described = operation.get("requestBody", {})
        if body is not None or described.get("required"):
            yield from self._against(body, described["content"]["application/json"]["schema"])

    def _answered(self, operation: Json, status: int, answer: object) -> Iterator[str]:
        responses = operation["responses"]
        described = responses.get(str(status)) or responses.get(f"{status // 100}XX") or responses["default"]
        content = self._resolved(described).get("content")
        if content is None:
            if answer is not None:
                yield f"answer {status}: none is described"
            return
        failed = str(status) not in responses
        kind = "application/problem+json" if failed and "application/problem+json" in content else "application/json"
        yield from (f"answer {status}: {said}" for said in self._against(answer, content[kind]["schema"]))

    def _against(self, value: object, schema: Json) -> list[str]:
        validator = Draft202012Validator({**schema, "components": self._components})
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            found: Any = self._whole
            for key in schema["$ref"].removeprefix("#/").split("/"):
                found = found[key]
            schema = found
        return schema


def _typed(value: str, schema: Json) -> object:
    """A value of a query as the type that it is meant to have."""
    match schema.get("type"):
        case "integer":
            return int(value)
        case "boolean":
            return value == "true"
        case "array":
            return value.split(",")
        case _:
            return value


@cache
def _read(file: Path) -> Json:
    found: Json = json.loads(file.read_text(encoding="utf-8"))
    return found
