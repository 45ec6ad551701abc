"""One mechanism reads parameters: client API traps 3 to 6, HT-2, HT-3, IN-1 to IN-6, ER-1."""

import json
from typing import Any

import pytest

from tests.parameter_app import METHODS, make_app
from tests.raw_requests import Answer, answer

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
APP = make_app()


def everything(query: bytes = b"", **request: Any) -> Answer:
    return answer(APP, "POST", "/everything", query=query, **request)


def multipart(*parts: tuple[str, bytes]) -> dict[str, Any]:
    """`parts` are (the rest of Content-Disposition, content)."""
    body = b"".join(
        b"--edge\r\nContent-Disposition: form-data; "
        + name.encode()
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for name, content in parts
    )
    return {"content_type": "multipart/form-data; boundary=edge", "body": body + b"--edge--\r\n"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "request_",
    [
        {"query": b"text=hi&ids[]=1&ids[]=2"},
        {"query": b"text=hi&ids%5B%5D=1&ids%5b%5d=2"},
        {"content_type": FORM, "body": b"text=hi&ids[]=1&ids[]=2"},
        {"content_type": FORM + "; charset=utf-8", "body": [b"text=hi&id", b"s[0]=1&ids[1]=2"]},
        {"body": b"text=hi&ids[]=1&ids[]=2"},
        {"content_type": JSON, "body": b'{"text": "hi", "ids": ["1", 2]}'},
        multipart(('name="text"', b"hi"), ('name="ids[]"', b"1"), ('name="ids[]"', b"2")),
    ],
)
def test_every_encoding_on_every_method(method: str, request_: dict[str, Any]) -> None:
    found = answer(APP, method, "/everything", **request_)

    assert found.status == 200
    assert found.json["text"] == "hi"
    assert found.json["ids"] == [1, 2]


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        (b"ids=7", "ids", [7]),
        (b"ids=7&ids=8", "ids", [7, 8]),
        (b"ids[1]=8&ids[0]=7", "ids", [7, 8]),
        (b"ids[][]=7&ids[][]=8", "ids", [7, 8]),
        (b"ids[10]=3&ids[9]=2&ids[0]=1", "ids", [1, 2, 3]),
        (b"ids[]=", "ids", []),
        (b"ids=", "ids", []),
        (b"texts[]=", "texts", []),
        (b"texts[]=&texts[]=a", "texts", ["", "a"]),
        (b"poll[options][]=a&poll[options][]=b&poll[multiple]=1", "poll",
         {"options": ["a", "b"], "multiple": True, "choices": []}),
        (b"poll[options]=a&poll[choices][][title]=x&poll[choices][][votes]=1"
         b"&poll[choices][][title]=y", "poll",
         {"options": ["a"], "multiple": False,
          "choices": [{"title": "x", "votes": 1}, {"title": "y", "votes": 0}]}),
        (b"poll[options]=a&poll[choices][1][title]=y&poll[choices][0][title]=x", "poll",
         {"options": ["a"], "multiple": False,
          "choices": [{"title": "x", "votes": 0}, {"title": "y", "votes": 0}]}),
        (b"alerts[follow]=1&alerts[poll]=0&alerts[poke]=", "alerts",
         {"follow": True, "poll": False, "poke": False}),
        (b"text=a+b%20c%2Bd", "text", "a b c+d"),
        (b"text=%C3%A9%F0%9F%A6%86", "text", "é🦆"),
        ("text=é".encode(), "text", "é"),
        (b"text=a=b", "text", "a=b"),
        (b"text=", "text", ""),
        (b"text", "text", ""),
        (b"whole=-12", "whole", -12),
        (b"whole=", "whole", None),
        (b"&&text=x&", "text", "x"),
        (b"unknown[=1&]=2&text=x", "text", "x"),
        (b"visibility=", "visibility", "public"),
        (b"id=9223372036854775807", "id", 2**63 - 1),
    ],
)  # fmt: skip
def test_brackets_and_values(query: bytes, name: str, value: object) -> None:
    found = everything(query)

    assert found.status == 200, found.body
    assert found.json[name] == value


@pytest.mark.parametrize("sent", ["false", "0", "f", "F", "FALSE", "off", "OFF", '"0"', '"false"'])
def test_false_in_every_spelling(sent: str) -> None:
    assert everything(b"maybe=" + sent.replace('"', "%22").encode()).json["maybe"] is False
    assert (
        everything(content_type=JSON, body=json.dumps({"maybe": sent}).encode()).json["maybe"]
        is False
    )


@pytest.mark.parametrize("sent", ["true", "1", "t", "on", "yes", "no", "2", " ", "False"])
def test_anything_else_is_true(sent: str) -> None:
    assert everything(content_type=JSON, body=json.dumps({"maybe": sent}).encode()).json["maybe"]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [(True, True), (False, False), (1, True), (0, False), ("", None), (None, None)],
)
def test_flags_in_json(sent: object, meant: bool | None) -> None:
    found = everything(content_type=JSON, body=json.dumps({"maybe": sent}).encode())

    assert found.json["maybe"] is meant


def test_json_numbers_are_texts_and_ids() -> None:
    body = b'{"text": 5, "id": 7, "whole": "8", "ids": 9, "flag": null, "texts": null}'

    found = everything(content_type=JSON, body=body).json

    assert found["text"] == "5"
    assert found["id"] == 7
    assert found["whole"] == 8
    assert found["ids"] == [9]
    assert found["flag"] is False
    assert found["texts"] == []


def test_the_body_wins_over_the_query() -> None:
    found = everything(b"text=query&whole=1", content_type=JSON, body=b'{"text": "body"}').json

    assert (found["text"], found["whole"]) == ("body", 1)


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        (b"2026-01-01T10:00:00%2B01:00", "2026-01-01T09:00:00Z"),
        (b"2026-01-01T10:00:00+01:00", "2026-01-01T09:00:00Z"),
        (b"2026-01-01T10:00:00.123Z", "2026-01-01T10:00:00.123000Z"),
        (b"2026-01-01T10:00", "2026-01-01T10:00:00Z"),
        (b"2026-01-01", "2026-01-01T00:00:00Z"),
        (b"20260101T100000Z", "2026-01-01T10:00:00Z"),
    ],
)
def test_moments_are_utc(sent: bytes, moment: str) -> None:
    assert everything(b"moment=" + sent).json["moment"] == moment


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        (b"text=a&text=b", "text", "must be a single value"),
        (b"text[]=a", "text", "must be a single value"),
        (b"text[k]=a", "text", "must be a single value"),
        (b"flag=1&flag=0", "flag", "must be a single value"),
        (b"flag[]=1", "flag", "must be a single value"),
        (b"id=abc", "id", "is not a valid id"),
        (b"id=9223372036854775808", "id", "is not a valid id"),
        (b"id=-1", "id", "is not a valid id"),
        (b"id=%D9%A1", "id", "is not a valid id"),
        (b"ids[]=1&ids[]=x", "ids/1", "is not a valid id"),
        (b"whole=x", "whole", "is not a number"),
        (b"whole=2147483648", "whole", "is out of range"),
        (b"moment=soon", "moment", "is not a valid date"),
        (b"moment=1969-12-31", "moment", "is not between 1970 and 2100"),
        (b"moment=1970-01-01T00:00:00%2B01:00", "moment", "is not between 1970 and 2100"),
        (b"moment=2101-01-01", "moment", "is not between 1970 and 2100"),
        (b"note=123456", "note", "is too long (maximum is 5 characters)"),
        (b"text=%00", "text", "must not contain NUL"),
        (b"text=\x00", "text", "must not contain NUL"),
        (b"text=%ED%A0%80", "text", "must be valid Unicode"),
        (b"text=\xff", "text", "must be valid Unicode"),
        (b"poll=x", "poll", "is invalid"),
        (b"poll[options][]=a&poll[choices][][title]=b&poll[choices][][votes]=c",
         "poll/choices/0/votes", "is not a number"),
    ],
)  # fmt: skip
def test_refusals_name_the_field(query: bytes, field: str, message: str) -> None:
    found = everything(query)

    assert found.status == 422
    problem = found.json
    words = field.replace("_", " ").replace("/", " ").capitalize()
    assert problem["error"] == f"Validation failed: {words} {message}"
    assert [(each["pointer"], each["message"]) for each in problem["errors"]] == [
        (f"/{field}", message)
    ]
    assert problem["details"][field][0]["description"] == message


def test_all_problems_are_told_at_once() -> None:
    problem = everything(b"id=x&whole=y&note=123456").json

    assert [each["pointer"] for each in problem["errors"]] == ["/note", "/id", "/whole"]
    assert problem["errors"][0]["code"] == "too_long"
    assert problem["details"]["note"][0]["error"] == "ERR_TOO_LONG"


def test_input_is_never_repeated() -> None:
    for query in (b"id=sesame", b"visibility=sesame", b"alerts[sesame!][]=1", b"sesame%ff=1"):
        assert b"sesame" not in everything(query).body
    assert b"sesame" not in answer(APP, "POST", "/own", query=b"sesame!=1").body


@pytest.mark.parametrize("query", [b"", b"q=", b"q[]="])
def test_missing_parameter_is_400(query: bytes) -> None:
    found = answer(APP, "GET", "/required", query=query)

    if query == b"q[]=":
        assert found.status == 422
        return
    assert found.status == 400
    assert found.json["error"] == "param is missing or the value is empty: q"


def test_bad_enum_and_negative_count_are_400() -> None:
    assert everything(b"visibility=loud").status == 400
    assert "'public' or 'direct'" in everything(b"visibility=loud").json["error"]
    assert everything(b"count=-1").status == 400
    assert answer(APP, "GET", "/offsetpage", query=b"offset=-1").status == 400


def test_unknown_parameters_are_refused_only_on_our_own_routes() -> None:
    assert everything(b"what=1").status == 200
    refused = answer(APP, "POST", "/own", query=b"what=1&name=x")
    assert refused.status == 422
    assert refused.json["errors"] == [
        {"pointer": "/what", "code": "invalid", "message": "is not a parameter of this method"}
    ]


@pytest.mark.parametrize(
    ("query", "limit"),
    [(b"", 20), (b"limit=5", 5), (b"limit=0", 20), (b"limit=", 20), (b"limit=-7", 7),
     (b"limit=x", 20), (b"limit=1000", 40), (b"limit=" + b"9" * 5000, 20)],
)  # fmt: skip
def test_limit_is_clamped(query: bytes, limit: int) -> None:
    assert answer(APP, "GET", "/page", query=query).json["limit"] == limit


def test_limits_differ_by_route() -> None:
    assert answer(APP, "GET", "/followers").json["limit"] == 40
    assert answer(APP, "GET", "/followers", query=b"limit=100").json["limit"] == 80


@pytest.mark.parametrize(
    "query", [b"limit=1&limit=2", b"limit[]=1", b"max_id=abc", b"max_id=1&max_id=2"]
)
def test_pages_refuse_what_means_nothing(query: bytes) -> None:
    assert answer(APP, "GET", "/page", query=query).status == 422


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content_type": JSON, "body": b"{"}, 400),
        ({"content_type": JSON, "body": b"[]"}, 400),
        ({"content_type": JSON, "body": b'"text"'}, 400),
        ({"content_type": JSON, "body": b"null"}, 400),
        ({"content_type": JSON, "body": b'{"text": "\\ud800"}'}, 422),
        ({"content_type": JSON, "body": b'{"text": {"a": ["\\udc00"]}}'}, 422),
        ({"content_type": JSON, "body": b'{"\\ud800": 1}'}, 422),
        ({"content_type": JSON, "body": b'{"text": "\\ud800"'}, 400),
        ({"content_type": JSON, "body": b'["\\ud800"]'}, 400),
        ({"content_type": JSON, "body": b'{"text": "\\ud83d\\ude00", "more": NaN}'}, 400),
        ({"content_type": JSON, "body": b'{"text": "\xff"}'}, 400),
        ({"content_type": JSON, "body": b'{"text": NaN}'}, 400),
        ({"content_type": JSON, "body": b'{"a":' + b"[" * 100_000}, 400),
        ({"content_type": JSON, "body": b'{"a":' * 33 + b"1" + b"}" * 33}, 400),
        ({"content_type": JSON, "body": b'{"a":' * 32 + b"1" + b"}" * 32}, 200),
        ({"content_type": JSON, "body": b'{"text": "\\u0000"}'}, 422),
        ({"content_type": JSON, "body": b'{"\\u0000": 1}'}, 422),
        ({"content_type": JSON, "body": b'{"whole": 1e400}'}, 422),
        ({"content_type": JSON, "body": b'{"text": 1' + b"0" * 4000 + b"}"}, 200),
        ({"content_type": JSON, "body": json.dumps({"x": list(range(101))}).encode()}, 422),
        ({"content_type": JSON, "body": json.dumps({str(n): n for n in range(201)}).encode()}, 413),
        ({"content_type": JSON, "body": b""}, 200),
        ({"content_type": JSON, "body": b'{"text":"' + b"a" * 1024 * 1024 + b'"}'}, 413),
        ({"content_type": JSON, "body": [b'{"text":"', *[b"a" * 65536] * 16, b'"}']}, 413),
        ({"content_type": FORM, "body": b"&".join(b"a%d=1" % n for n in range(201))}, 413),
        ({"query": b"&".join(b"a%d=1" % n for n in range(201))}, 413),
        ({"query": b"&".join(b"a[]=1" for n in range(101))}, 422),
        ({"query": b"&".join(b"ids[%d]=1" % n for n in range(101))}, 422),
        ({"query": b"a" + b"[b]" * 31 + b"=1"}, 200),
        ({"query": b"a" + b"[b]" * 32 + b"=1"}, 400),
        ({"query": b"a=1&a[b]=2"}, 400),
        ({"query": b"a[b]=1&a=2"}, 400),
        ({"query": b"a[]=1&a[b]=2"}, 400),
        ({"query": b"a[]=1&a[][b]=2"}, 400),
        ({"query": b"a[][b]=1&a[]=2"}, 400),
        ({"query": b"a[][][b]=1"}, 400),
        ({"content_type": "text/plain", "body": b"text=x"}, 415),
        ({"content_type": "application/xml", "body": b"<text/>"}, 415),
        ({"content_type": "text/plain", "body": b""}, 200),
        ({"body": b'{"text": "a=b"}'}, 415),
        ({"content_type": "multipart/form-data", "body": b"--x"}, 400),
        ({"content_type": "multipart/form-data; boundary=edge", "body": b"nonsense"}, 400),
        ({**multipart(('name="text"', b"x")), "content_type":
            "multipart/form-data; boundary=edge; charset=idna"}, 200),
        (multipart(("nameless", b"x")), 400),
        (multipart(('name="text"', b"\xff")), 422),
        (multipart(('name="text"', b"\x00")), 422),
        (multipart(*[('name="a[]"', b"x")] * 50), 200),
        (multipart(*[('name="a[]"', b"x")] * 51), 413),
        (multipart(('name="text"', b"x" * 1024 * 1024)), 413),
        ({"headers": [("content-length", "many")], "content_type": FORM}, 400),
    ],
)  # fmt: skip
def test_bodies_that_are_malformed_or_too_large(request_: dict[str, Any], status: int) -> None:
    found = everything(**request_)

    assert found.status == status, found.body
    assert found.headers["content-type"] == "application/json"


def test_files_come_by_multipart_or_as_data_uri() -> None:
    part = ('name="picture"; filename="é.png"', b"\x89PNG" * 600_000)
    found = answer(APP, "POST", "/pictures", **multipart(part))
    assert found.json == {"picture": "é.png", "type": None, "size": 2_400_000}

    body = b'{"picture": "data:image/png;base64,aGFyZG9w"}'
    found = answer(APP, "POST", "/pictures", content_type=JSON, body=body)
    assert found.json == {"picture": None, "type": "image/png", "size": 6}


@pytest.mark.parametrize("content", ["hello", "data:image/png;base64,?", "data:image/png,x"])
def test_what_is_not_a_file_is_refused(content: str) -> None:
    body = json.dumps({"picture": content}).encode()

    assert answer(APP, "POST", "/pictures", content_type=JSON, body=body).status == 422


def test_a_file_input_left_empty_is_not_given() -> None:
    found = answer(APP, "POST", "/pictures", **multipart(('name="picture"; filename=""', b"")))

    assert found.json == {"picture": None}


def test_a_file_is_no_text() -> None:
    assert everything(**multipart(('name="text"; filename="x"', b"x"))).status == 422


def test_a_body_larger_than_its_model_wants_is_refused() -> None:
    part = ('name="picture"; filename="x"', b"x" * 3_000_001)

    assert answer(APP, "POST", "/pictures", **multipart(part)).status == 413


@pytest.mark.parametrize(
    "id_", ["abc", "-1", "1.0", "9223372036854775808", "1" * 20, "%D9%A1", "0x1", " 1"]
)
def test_impossible_ids_in_paths_are_absent(id_: str) -> None:
    found = answer(APP, "GET", f"/things/{id_}")

    assert found.status == 404
    assert found.json["error"] == "Record not found"


def test_ids_in_paths() -> None:
    assert answer(APP, "GET", "/things/9223372036854775807").json == {"id": "9223372036854775807"}
