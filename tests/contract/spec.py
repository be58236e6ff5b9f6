"""Allegro's published contract (OpenAPI 3.0) as a judge of requests and answers.

Two things differ between contract and wire (digest section 5): answers hold null
where an optional property has no ``nullable``, and keys come before they are published.
So answers are judged with every optional property nullable, and, where it is our own
answer that is judged, without any unpublished key. Requests are judged to the letter.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

import yaml
from jsonschema import Draft202012Validator, FormatChecker

MEDIA_TYPE = "application/vnd.allegro.public.v1+json"
#: Statuses that the contract leaves out of most operations.
_COMMON_STATUSES = {401, 403, 404, 405, 406, 415, 429, 500, 502, 503}

#: Keys that are on the wire though not published there (digest section 9).
_UNPUBLISHED = {"CheckoutFormsOrderInvoice": {"verification": {"type": "object"}}}

_formats = FormatChecker(formats=())


@_formats.checks("uuid", ValueError)
def _is_uuid(value):
    return not isinstance(value, str) or bool(uuid.UUID(value))


@_formats.checks("date-time", ValueError)
def _is_date_time(value):
    if not isinstance(value, str):
        return True
    return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None


@_formats.checks("integer", ValueError)
def _is_whole(value):
    """``type: number, format: integer``, as Allegro writes it."""
    return not isinstance(value, float) or value.is_integer()


class ContractError(AssertionError):
    """What was sent is not what the contract says."""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    definition: dict
    path_arguments: dict

    @property
    def scopes(self):
        """Each way in: the scopes that it needs."""
        return [
            scopes
            for way in self.definition.get("security", ())
            for scopes in way.values()
        ]


class Contract:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            self._document = yaml.load(file, loader)  # noqa: S506 - a safe loader
        self._operations = [
            (method.upper(), template, _path_pattern(template), definition)
            for template, methods in self._document["paths"].items()
            for method, definition in methods.items()
            if isinstance(definition, dict) and "responses" in definition
        ]
        schemas = self._document["components"]["schemas"]
        for name, properties in _UNPUBLISHED.items():
            schemas[name]["properties"].update(properties)
        for name in ("count", "totalCount"):  # an empty list counts 0 (issue 13635)
            schemas["CheckoutForms"]["properties"][name]["minimum"] = 0
        self._components = {
            lenient: {
                place: {
                    name: _to_json_schema(schema, lenient, closed)
                    for name, schema in schemas.items()
                }
                for place, closed in (("open", False), ("closed", True))
            }
            for lenient in (True, False)
        }

    # Judging

    def operation(self, method, path):
        """
        :raises ContractError: when Allegro has no such resource
        """
        found = []
        for known_method, template, pattern, definition in self._operations:
            match = pattern.fullmatch(path)
            if match and known_method == method:
                arguments = match.groupdict()
                found.append(Operation(method, template, definition, arguments))
        if not found:
            raise ContractError(f"there is no {method} {path}")
        # /order/carriers/ALLEGRO/points is also /order/carriers/{carrierId}/...
        return min(found, key=lambda operation: len(operation.path_arguments))

    def check_schema(self, name, value, closed=False):
        """A value that Allegro sent, or could have."""
        self._check({"$ref": f"#/components/schemas/{name}"}, value, True, closed, name)

    def check_answer(self, method, path, status, body):
        """
        :param body: parsed JSON; None for an empty body
        :raises ContractError: when the operation could not have answered this
        """
        operation = self.operation(method, path)
        where = f"{method} {path} -> {status}"
        answers = operation.definition["responses"]
        if str(status) not in answers:
            if status not in _COMMON_STATUSES:
                raise ContractError(f"{where}: the status is not foreseen")
            self.check_schema(_error_schema(status), body, closed=True)
            return
        content = answers[str(status)].get("content")
        if content is None:
            if status < 300 and body is not None:
                raise ContractError(f"{where}: no body is foreseen")
            if status >= 400:
                self.check_schema(_error_schema(status), body, closed=True)
            return
        self._check(content[MEDIA_TYPE]["schema"], body, True, True, where)

    def check_request(self, entry):
        """
        :param entry: of ``GET /_control/requests``
        :raises ContractError: when Allegro has no such operation, parameter or body
        """
        operation = self.operation(entry["method"], entry["path"])
        where = f"{entry['method']} {entry['path']}"
        self._check_query(operation, entry["query"], where)
        self._check_path_arguments(operation, where)
        self._check_headers(operation, entry["headers"], where)
        self._check_body(operation, entry, where)

    # Parts of a request

    def _check_query(self, operation, query, where):
        known = self._parameters(operation, "query")
        given = {}
        for name, value in query:
            if name not in known:
                raise ContractError(f"{where}: there is no parameter {name}")
            given.setdefault(name, []).append(value)
        for name, parameter in known.items():
            if name in given:
                self._check_parameter(parameter, given[name], where)
            elif parameter.get("required"):
                raise ContractError(f"{where}: parameter {name} is missing")

    def _check_path_arguments(self, operation, where):
        for name, parameter in self._parameters(operation, "path").items():
            value = operation.path_arguments[_group(name)]
            self._check_parameter(parameter, [value], where)

    def _check_headers(self, operation, headers, where):
        headers = {name.lower(): value for name, value in headers.items()}
        for name, parameter in self._parameters(operation, "header").items():
            value = headers.get(name.lower())
            if value is not None:
                self._check_parameter(parameter, [value], where)
        if headers.get("accept") != MEDIA_TYPE:
            raise ContractError(f"{where}: Accept is {headers.get('accept')}")

    def _check_parameter(self, parameter, values, where):
        schema = self._resolve(parameter["schema"])
        if schema.get("type") == "array":
            item = self._resolve(schema["items"])
            value = [_from_text(item, text) for text in values]
        elif len(values) > 1:
            raise ContractError(f"{where}: {parameter['name']} comes several times")
        else:
            value = _from_text(schema, values[0])
        self._check(
            _to_json_schema(parameter["schema"], False, True),
            value,
            False,
            True,
            f"{where}: {parameter['name']}",
        )

    def _check_body(self, operation, entry, where):
        body = entry["body"]
        declared = operation.definition.get("requestBody")
        if declared is None:
            if body is not None:
                raise ContractError(f"{where}: no body is foreseen")
            return
        headers = {name.lower(): value for name, value in entry["headers"].items()}
        media_type = headers.get("content-type", "").split(";")[0]
        if media_type not in declared["content"]:
            raise ContractError(f"{where}: Content-Type is {media_type}")
        if media_type == MEDIA_TYPE:
            schema = declared["content"][media_type]["schema"]
            self._check(schema, body, False, True, where)
        elif media_type == "multipart/form-data":
            schema = declared["content"][media_type]["schema"]
            names = [name for name, _ in body["fields"]]
            names += [file["field"] for file in body["files"]]
            if set(names) - set(schema["properties"]):
                raise ContractError(f"{where}: fields {names}")
            if set(schema["required"]) - set(names):
                raise ContractError(f"{where}: only the fields {names}")

    def _parameters(self, operation, place):
        return {
            parameter["name"]: parameter
            for parameter in operation.definition.get("parameters", ())
            if parameter["in"] == place
        }

    # Schemas

    def _resolve(self, schema):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return self._resolve(self._document["components"]["schemas"][name])
        return schema

    def _check(self, schema, value, lenient, closed, where):
        whole = {
            "allOf": [_to_json_schema(schema, lenient, closed)],
            "components": self._components[lenient],
        }
        validator = Draft202012Validator(whole, format_checker=_formats)
        errors = [
            f"{error.json_path}: {error.message[:300]}"
            for error in validator.iter_errors(value)
        ]
        if errors:
            raise ContractError("\n".join([where, *errors]))


def _error_schema(status):
    return "AuthError" if status == 401 else "ErrorsHolder"


def _path_pattern(template):
    parts = re.split(r"\{(.+?)\}", template)
    return re.compile(
        "".join(
            f"(?P<{_group(part)}>[^/]+)" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )


def _group(name):
    return re.sub(r"\W", "_", name)


def _from_text(schema, text):
    """A parameter's value as the type it is declared with."""
    try:
        if schema.get("type") == "integer":
            return int(text)
        if schema.get("type") == "number":
            return float(text)
    except ValueError:
        return text
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _to_json_schema(schema, lenient, closed):
    """OpenAPI 3.0's dialect as JSON Schema.

    :param lenient: optional properties may be null
    :param closed: unpublished keys are refused
    """
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        place = "closed" if closed else "open"
        return {"$ref": schema["$ref"].replace("schemas", place)}
    kept = {
        key: schema[key]
        for key in (
            "type",
            "enum",
            "format",
            "required",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "pattern",
        )
        if key in schema
    }
    _convert_children(schema, kept, lenient, closed)
    if schema.get("nullable"):
        return _or_null(kept)
    return kept


def _convert_children(schema, kept, lenient, closed):
    required = schema.get("required", ())
    if "properties" in schema:
        kept["properties"] = {
            name: _property(child, name in required, lenient, closed)
            for name, child in schema["properties"].items()
        }
    if "items" in schema:
        kept["items"] = _to_json_schema(schema["items"], lenient, closed)
    if isinstance(schema.get("additionalProperties"), dict):
        kept["additionalProperties"] = _to_json_schema(
            schema["additionalProperties"], lenient, closed
        )
    elif closed and (schema.get("properties") or "allOf" in schema):
        kept["unevaluatedProperties"] = False
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            # the parts of a whole know nothing of each other's keys
            kept[key] = [_to_json_schema(part, lenient, False) for part in schema[key]]


def _property(schema, required, lenient, closed):
    converted = _to_json_schema(schema, lenient, closed)
    return converted if required or not lenient else _or_null(converted)


def _or_null(schema):
    return {"anyOf": [{"type": "null"}, schema]}
