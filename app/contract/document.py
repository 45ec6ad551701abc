"""The OpenAPI document: what the framework knows of the routes, and what only we know.

That is: parameters that come in any encoding, access and scopes, rate classes, and errors.
"""

import re
import warnings
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app import deprecations
from app.access import Access
from app.contract import enums, errors, examples
from app.contract import schemas as parameter_schemas
from app.deprecations import Deprecation
from app.domain.identity import scopes
from app.parameters import Limited, OffsetPage, Page, ParameterModel, parameters_of

_DESCRIPTION = """\
Hardop speaks the Mastodon client API under `/api/v1` and `/api/v2`, and its own under
`/api/hardop/v1`.

**Parameters** are described as JSON, where files are uploaded as multipart, and below `/oauth` and
at `/websub` as a form. Everywhere they may as well come in the query, as a form (urlencoded or
multipart) or as a JSON object; the body wins over the query. Arrays are `name[]=1&name[]=2`,
objects `name[key]=value`. False is any of `false 0 f F FALSE off OFF`; an empty value is not given.
A file may be a `data:` URI.

**Pages** follow the `Link` header (RFC 8288). `x-pagination` says how an operation is read in
pages: `cursor` by `max_id`, `since_id` and `min_id`, `offset` by `offset`, `none`: there is
one page; with the number of things on a page, as it is (`default`) and at most (`maximum`).

**Limits**: `x-rate-limit-class` says which requests are counted together, besides all of a token
and of an account. `X-RateLimit-Limit`, `-Remaining` and `-Reset` say of the limit that is nearest
how much is left; beyond it the answer is 429, and `Retry-After` says how long to wait.

**Roles**: `x-role` is the least role that an operation takes.

**What is deprecated** says so with the headers `Deprecation` and, if it ends, `Sunset`;
`x-deprecation` says since when, what to use instead, and until when.

**Streams** are server-sent events, or any number of them on one WebSocket at `/api/v1/streaming`,
whose frames subscribe and unsubscribe: `{"type":"subscribe","stream":"hashtag","tag":"hello"}`. The
token may come as `Authorization`, as `Sec-WebSocket-Protocol`, or as `access_token` in the URL.

**Errors** all have one shape, readable as a Mastodon error and as RFC 9457 problem details. Any
request may get 400, 421 or 431, for what HTTP or the server's address makes of it.
"""

# What an operation is about, in the order in which they are read.
_TAGS = {
    "identity": "Applications, tokens and signing up: OAuth 2.",
    "accounts": "Who somebody is: profiles, and one's own.",
    "relationships": "Following, blocking, muting, and whom one shows on one's profile.",
    "statuses": "Saying something out loud, and what others do with it.",
    "media": "Files to hang on statuses.",
    "timelines": "Statuses one after the other, read or streamed.",
    "filters": "What somebody would rather not see.",
    "feeds": "Atom, RSS and JSON Feed, for readers and other programs.",
    "notifications": "What concerns oneself, in the app and pushed.",
    "expertise": "Who knows about it; and the search for everything else.",
    "instance": "What this server is, allows and offers.",
    "moderation": "Reports, and what moderators and administrators do.",
}
_ABOUT = {
    # Who runs a server is told by the server.
    "contact": {"name": "The people who run this server: `contact` of /api/v2/instance"},
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
_METHODS = ("get", "post", "patch", "put", "delete", "head", "options")
_IN_QUERY = frozenset(("get", "head", "delete"))
# Open to people only.
_PERSONAL = frozenset(("user", "stream"))

# Lists that are whole: what they hold is chosen by the caller, or never much.
_WHOLE = frozenset(
    (
        "get_accounts get_identity_proofs get_featured_tags get_featured_tag_suggestions "
        "get_account_featured_tags get_familiar_followers get_relationships get_statuses "
        "get_status_history get_filters get_filter_keywords get_filter_statuses "
        "get_keyword_filters get_lists get_account_lists get_known_for get_peers search_peers "
        "get_domain_blocks get_languages get_activity get_rules get_custom_emojis "
        "get_announcements get_reactions get_admin_domain_blocks get_admin_domain_allows "
        "get_admin_announcements get_admin_custom_emojis get_private_feeds"
    ).split()
)

_SENTENCE = re.compile(r"(.+?)\.?(?:(?<=\.)\s|\n\n|$)", re.DOTALL)

_LINK = {
    "Link": {
        "description": 'Where `rel="next"` (older) and `rel="prev"` (newer) are; absent at an end.',
        "schema": {"type": "string"},
    }
}
_DEPRECATION = {
    "Deprecation": "Since when better is there: RFC 9745.",
    "Sunset": "When the operation goes away: RFC 8594.",
}
_LAST_EVENT_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The `id` of the event heard last: what was missed since then comes first.",
    "schema": {"type": "string"},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again with the same request, it gets the first answer and does nothing.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


def document(app: FastAPI, sent: dict[str, examples.Sent] | None = None) -> dict[str, Any]:
    """The whole contract; the same for the same routes, in the same order.

    `sent`: examples of requests, if not those that are written down.

    Raises:
        ValueError: two different schemas have the same name, an enum has none, or something has no
            example.
    """
    routes = [
        route for route in app.routes if isinstance(route, APIRoute) and route.include_in_schema
    ]
    with warnings.catch_warnings():
        # One endpoint on PUT and PATCH has one id at first; _name tells them apart.
        warnings.filterwarnings("ignore", message="Duplicate Operation ID")
        contract = get_openapi(
            title=app.title, version=app.version, description=_DESCRIPTION, routes=routes
        )
    models = sorted(
        {model for route in routes for model in _models(route.dependant)},
        key=lambda model: model.__name__,
    )
    schemas = contract.setdefault("components", {}).setdefault("schemas", {})
    parameter_schemas.hoist(schemas, parameter_schemas.of(models))
    parameter_schemas.hoist(schemas, errors.SCHEMAS)
    taken: set[str] = set()
    for route in routes:
        for method in _METHODS:
            operation = contract["paths"][route.path_format].get(method)
            if operation is not None and method.upper() in (route.methods or ()):
                _name(operation, route, method, taken)
                _complete(operation, route, method, schemas)
    contract["components"] = {
        "schemas": schemas,
        "responses": errors.responses(),
        "securitySchemes": _security_schemes(),
    }
    parameter_schemas.rename(contract)
    parameter_schemas.drop_unused(contract)
    parameter_schemas.drop_titles(contract)
    enums.name(contract)
    examples.declare(contract, examples.load() if sent is None else sent)
    contract["components"]["schemas"] = dict(sorted(contract["components"]["schemas"].items()))
    contract["info"] |= _ABOUT
    # The server is where the document was found.
    contract["servers"] = [{"url": "/"}]
    contract["tags"] = [
        {"name": name, "description": about}
        for name, about in _TAGS.items()
        if name in _tags_of(contract)
    ]
    return contract


def _tags_of(contract: dict[str, Any]) -> set[str]:
    return {
        tag
        for operations in contract["paths"].values()
        for operation in operations.values()
        for tag in operation["tags"]
    }


def _complete(
    operation: dict[str, Any], route: APIRoute, method: str, schemas: dict[str, Any]
) -> None:
    sentence = _SENTENCE.match(route.description or "")
    if sentence:
        operation["summary"] = " ".join(sentence[1].split())
    operation.setdefault("tags", [_capability(route)])
    access = getattr(route.endpoint, "__access__", None)
    models = _models(route.dependant)
    if method in _IN_QUERY:
        given = [
            each
            for model in models
            for each in parameter_schemas.query(schemas[model.__name__], schemas)
        ]
        operation.setdefault("parameters", []).extend(given)
    elif models:
        is_form = route.path_format.startswith(("/oauth/", "/websub"))
        operation["requestBody"] = parameter_schemas.body(models, schemas, is_form=is_form)
    if isinstance(access, Access):
        _declare_access(operation, access)
    _declare_deprecation(operation, deprecations.of(route.endpoint))
    errors.declare(operation, route, access, takes_parameters=bool(models))
    _declare_pages(operation, models)
    if not operation.get("parameters", True):
        del operation["parameters"]


def _declare_deprecation(operation: dict[str, Any], deprecation: Deprecation | None) -> None:
    if deprecation is None:
        return
    headers = deprecation.headers()
    operation["x-deprecation"] = {
        "since": deprecation.since.isoformat(),
        "instead": deprecation.instead,
        **({"sunset": deprecation.sunset.isoformat()} if deprecation.sunset else {}),
    }
    operation["description"] += f"\n\nDeprecated: use `{deprecation.instead}`."
    described = operation["responses"]["200"].setdefault("headers", {})
    for name, value in headers.items():
        described[name] = {
            "description": _DEPRECATION[name],
            "schema": {"type": "string"},
            "example": value,
        }


def _declare_pages(operation: dict[str, Any], models: list[type[ParameterModel]]) -> None:
    if operation["operationId"] in _WHOLE:
        operation["x-pagination"] = {"by": "none"}
    if any(issubclass(model, Page) for model in models):
        operation["responses"].get("200", {}).setdefault("headers", {}).update(_LINK)
    for model in models:
        if issubclass(model, Limited):
            by = "cursor" if issubclass(model, Page) else "none"
            operation["x-pagination"] = {
                "by": "offset" if issubclass(model, OffsetPage) else by,
                "default": model.default_limit,
                "maximum": model.max_limit,
            }


def _declare_access(operation: dict[str, Any], access: Access) -> None:
    operation["security"] = _security(access)
    operation["x-rate-limit-class"] = access.rate
    if access.role is not None:
        operation["x-role"] = str(access.role.value)
    if access.idempotent:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    if access.kind == "stream":
        operation.setdefault("parameters", []).append(_LAST_EVENT_ID)


def _security(access: Access) -> list[dict[str, list[str]]]:
    """Any one of these is enough."""
    if access.kind == "public":
        return []
    schemes = ("person",) if access.kind in _PERSONAL else ("person", "application")
    needed = [[scope] for scope in access.scopes] or [[]]
    ways = [{scheme: scope} for scheme in schemes for scope in needed]
    return [{}, *ways] if access.kind == "optional" else ways


def _security_schemes() -> dict[str, Any]:
    known = {scope: _in_words(scope) for scope in scopes.ALL}
    return {
        "person": {
            "type": "oauth2",
            "description": "The token of a person who logged in through an application.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/oauth/authorize",
                    "tokenUrl": "/oauth/token",
                    "refreshUrl": "/oauth/token",
                    "scopes": known,
                }
            },
        },
        "application": {
            "type": "oauth2",
            "description": "An application's own token.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": known}},
        },
    }


def _in_words(scope: str) -> str:
    verb, _, noun = scope.rpartition(":")
    return f"{verb.replace(':', ' ')} {noun.replace('_', ' ')}".strip().capitalize()


def _models(dependant: Dependant) -> list[type[ParameterModel]]:
    """The parameter models of an endpoint and of what it depends on."""
    found = [model for model in [parameters_of(dependant.call)] if model is not None]
    for dependency in dependant.dependencies:
        found += [model for model in _models(dependency) if model not in found]
    return found


def _capability(route: APIRoute) -> str:
    """`statuses` of `app.routers.statuses.favourites`."""
    module = route.endpoint.__module__
    return module.partition("routers.")[2].partition(".")[0] or module.rpartition(".")[2]


def _name(operation: dict[str, Any], route: APIRoute, method: str, taken: set[str]) -> None:
    """The endpoint's name; its further methods and paths tell themselves apart behind it."""
    name = route.endpoint.__name__
    candidates = [name, f"{name}_{method}", *(f"{name}_{method}_{n}" for n in range(2, 20))]
    operation["operationId"] = next(each for each in candidates if each not in taken)
    taken.add(operation["operationId"])
