"""Redirect URIs, where a table says more than a request (OA-2)."""

import pytest

from app.domain.identity import redirect_uris


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://client.example.org:8443/callback", "client.example.org:8443"),
        ("http://127.0.0.1:7000/", "127.0.0.1:7000"),
        ("icecubesapp://", "icecubesapp:"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_people_see_who_gets_the_answer(uri: str, shown: str) -> None:
    assert redirect_uris.host(uri) == shown


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://a.example/", "https://a.example/?code=x+y"),
        ("https://a.example/?b=1", "https://a.example/?b=1&code=x+y"),
        ("https://a.example/?", "https://a.example/?code=x+y"),
        ("https://a.example/?b=1&", "https://a.example/?b=1&code=x+y"),
        ("app://", "app://?code=x+y"),
    ],
)
def test_parameters_are_added_and_the_rest_is_kept(uri: str, expected: str) -> None:
    assert redirect_uris.with_parameters(uri, {"code": "x y"}) == expected


@pytest.mark.parametrize(
    "uri", ["https://a.example/\tb", "https://a.example/ b", "https://ä.example/", "https://[x"]
)
def test_what_is_no_uri_cannot_be_registered(uri: str) -> None:
    assert redirect_uris.problem(uri) == "must be an absolute URI."
