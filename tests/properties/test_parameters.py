"""For all parameters: every encoding means the same, and no bytes make the server fail."""

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.parameters import decode_query
from tests.parameter_app import METHODS, Everything, make_app
from tests.raw_requests import answer

FORM = "application/x-www-form-urlencoded"
APP = make_app()

# Several people and machines share a processor: slow is not wrong here.
UNHURRIED = settings(deadline=None)

# Nothing empty: an empty value means "not given" in all encodings but is no use for comparing.
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20
)
ids = st.integers(0, 2**63 - 1)
flags = st.booleans()
choices = st.fixed_dictionaries({"title": texts, "votes": st.integers(-(2**31), 2**31 - 1)})
polls = st.fixed_dictionaries(
    {"options": st.lists(texts, min_size=1, max_size=4)},
    optional={"multiple": flags, "choices": st.lists(choices, min_size=1, max_size=3)},
)
structures = st.fixed_dictionaries(
    {},
    optional={
        "text": texts,
        "flag": flags,
        "maybe": flags,
        "id": ids,
        "whole": st.integers(-(2**31), 2**31 - 1),
        "count": st.integers(0, 2**31 - 1),
        "visibility": st.sampled_from(["public", "direct"]),
        "ids": st.lists(ids, min_size=1, max_size=5),
        "texts": st.lists(texts, min_size=1, max_size=5),
        "poll": polls,
        "alerts": st.dictionaries(
            st.text("abcdefgh_", min_size=1, max_size=8), flags, min_size=1, max_size=4
        ),
    },
)


def pairs(value: Any, name: str, *, indexed: bool) -> list[tuple[str, str]]:
    """`value` as the pairs a client of the Rails tradition sends."""
    if isinstance(value, dict):
        return [
            pair
            for key, member in value.items()
            for pair in pairs(member, f"{name}[{key}]" if name else key, indexed=indexed)
        ]
    if isinstance(value, list):
        return [
            pair
            for index, item in enumerate(value)
            for pair in pairs(item, f"{name}[{index if indexed else ''}]", indexed=indexed)
        ]
    if isinstance(value, bool):
        return [(name, "true" if value else "0")]
    return [(name, str(value))]


def urlencoded(sent: list[tuple[str, str]], *, raw_brackets: bool) -> bytes:
    safe = "[]" if raw_brackets else ""
    return "&".join(
        f"{quote(name, safe=safe)}={quote_plus(value)}" for name, value in sent
    ).encode()


def as_multipart(sent: list[tuple[str, str]]) -> dict[str, Any]:
    parts = [
        f'--Xedge0\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in sent
    ]
    return {
        "content_type": "multipart/form-data; boundary=Xedge0",
        "body": b"".join(parts) + b"--Xedge0--\r\n",
    }


@given(structures, st.sampled_from(METHODS))
@UNHURRIED
def test_all_encodings_mean_the_same(structure: dict[str, Any], method: str) -> None:
    plain = pairs(structure, "", indexed=False)
    indexed = pairs(structure, "", indexed=True)
    as_text = json.loads(json.dumps(structure), parse_int=str)
    requests: list[dict[str, Any]] = [
        {"content_type": "application/json", "body": json.dumps(structure).encode()},
        {"content_type": "application/json", "body": json.dumps(as_text).encode()},
        {"query": urlencoded(plain, raw_brackets=True)},
        {"query": urlencoded(plain, raw_brackets=False)},
        {"query": urlencoded(indexed, raw_brackets=True)},
        {"content_type": FORM, "body": urlencoded(plain, raw_brackets=False)},
        {"content_type": FORM, "body": urlencoded(indexed, raw_brackets=True)},
        as_multipart(indexed),
        as_multipart(plain),
    ]

    answers = [answer(APP, method, "/everything", **request) for request in requests]

    assert {found.status for found in answers} == {200}, answers
    assert {found.body for found in answers} == {answers[0].body}
    for name, value in structure.items():
        if name != "poll":
            assert answers[0].json[name] == value


@given(
    st.binary(max_size=200) | st.text("ab[]%=&0+;{}\"\x00é", max_size=60).map(str.encode),
    st.sampled_from(
        [None, FORM, "application/json", "multipart/form-data; boundary=a", "multipart/form-data",
         'multipart/form-data; boundary="\xff"', "text/plain", ";", ""]
    ),
    st.binary(max_size=80) | st.text("ab[]%=&0+\x00", max_size=60).map(str.encode),
)  # fmt: skip
@settings(UNHURRIED, max_examples=300)
def test_no_bytes_make_the_server_fail(body: bytes, kind: str | None, query: bytes) -> None:
    found = answer(APP, "POST", "/everything", content_type=kind, body=body, query=query)

    assert found.status in {200, 400, 413, 415, 422}, found.body
    found.json  # noqa: B018 - it is readable


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(json_values, st.sampled_from(list(Everything.model_fields)))
@UNHURRIED
def test_no_json_value_makes_the_server_fail(value: object, name: str) -> None:
    body = json.dumps({name: value}).encode()

    found = answer(APP, "POST", "/everything", content_type="application/json", body=body)

    assert found.status in {200, 400, 422}, found.body
    found.json  # noqa: B018 - it is readable


@given(st.text(max_size=10))
@UNHURRIED
def test_any_text_is_a_flag_or_not_given(sent: str) -> None:
    found = answer(
        APP, "POST", "/everything", query=b"maybe=" + quote(sent, errors="replace").encode()
    )

    if sent == "":
        assert found.json["maybe"] is None
    elif "\x00" in sent:
        assert found.status == 422
    else:
        false = sent in ("false", "0", "f", "F", "FALSE", "off", "OFF", '"0"', '"false"')
        assert found.json["maybe"] is not false


@given(st.dictionaries(st.text("abc_", min_size=1), st.text("abc123-_.", max_size=5), max_size=8))
@UNHURRIED
def test_the_short_way_reads_as_the_long_way(values: dict[str, str]) -> None:
    plain = "&".join(f"{name}={value}" for name, value in values.items()).encode()
    escaped = "&".join(
        "".join(f"%{byte:02x}" for byte in name.encode()) + f"={value}"
        for name, value in values.items()
    ).encode()

    assert decode_query(plain) == decode_query(escaped) == values


@pytest.mark.parametrize("method", METHODS)
@given(number=st.integers())
@UNHURRIED
def test_an_id_is_63_bits_or_refused(method: str, number: int) -> None:
    body = json.dumps({"id": number}).encode()

    found = answer(APP, method, "/everything", content_type="application/json", body=body)

    assert found.status == (200 if 0 <= number < 2**63 else 422)
