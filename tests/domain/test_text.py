"""Cleaning text and finding mentions, hashtags and links in it (IN-2, IN-7; content rules)."""

import pytest

from app.domain.statuses import text
from app.domain.statuses.text import Hashtag, Link, Mention
from app.errors import Unprocessable

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


def mentioned(value: str, domain: str = "work.example") -> list[str]:
    return [
        value[mention.start : mention.end] for mention in text.parse(value, domain=domain).mentions
    ]


def tagged(value: str) -> list[str]:
    return [tag.normalised for tag in text.parse(value, domain="work.example").hashtags]


def linked(value: str) -> list[str]:
    return [link.url for link in text.parse(value, domain="work.example").links]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("bell\x07 escape\x1b delete\x7f next line\x85 \x9f", "bell escape delete next line "),
        ("tab\tstays", "tab\tstays"),
        ("cafe\u0301", "café"),
        ("a" + "\u0301" * 100, "á" + "\u0301" * 31),
        ("\u202eright to left\u202c", "\u202eright to left\u202c"),
        ("", ""),
    ],
)
def test_clean_removes_controls_and_normalises(written: str, stored: str) -> None:
    """IN-2."""
    assert text.clean(written) == stored


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("a\x00b", "a null character"),
        ("\ud800", "an invalid Unicode character"),
        ("b\udfff", "an invalid Unicode character"),
    ],
)
def test_clean_refuses_what_cannot_be_stored(written: str, reason: str) -> None:
    """IN-2."""
    with pytest.raises(Unprocessable) as refused:
        text.clean(written)

    assert refused.value.message == f"Validation failed: Text must not contain {reason}"
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  Ada\nLovelace\t ", "Ada Lovelace"),
        ("Ada\u202egnp.exe\u2066", "Adagnp.exe"),
        ("line\u2028separator", "line separator"),
        (FAMILY, FAMILY),
        ("e\u202a\u0301", "é"),
        (" \n ", ""),
        ("", ""),
    ],
)
def test_clean_name_is_one_line_without_overrides(written: str, stored: str) -> None:
    """IN-2."""
    assert text.clean_name(written) == stored


@pytest.mark.parametrize(
    "written", ["\u200b", " \u200b\u200d ", "\u202e\u2069", "\u3164", "\u2800", "\u00ad", "\ufe0f"]
)
def test_clean_name_refuses_what_nobody_can_see(written: str) -> None:
    """IN-2."""
    with pytest.raises(Unprocessable, match="visible"):
        text.clean_name(written)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("@ada", ["@ada"]),
        ("@Ada, and @bob_1!", ["@Ada", "@bob_1"]),
        ("ask @ada.", ["@ada"]),
        ("ask @ada.lovelace-1.", ["@ada.lovelace-1"]),
        ("(@ada) “@bob” ¿@eve?", ["@ada", "@bob", "@eve"]),
        ("@ada@work.example", ["@ada@work.example"]),
        ("@ada@WORK.example.", ["@ada@WORK.example"]),
        ("@ada@work.example:8000", ["@ada@work.example"]),
        ("@ada@other.example", []),
        ("@ada@", ["@ada"]),
        ("@@ada", ["@ada"]),
        ("ada@work.example mail bob.b+c@work.example", []),
        ("see /@ada and =@ada", []),
        ("é@ada 字@ada _@ada e\u0301@ada", []),
        ("\u200f@ada", ["@ada"]),
        ("👋@ada", ["@ada"]),
        ("@", []),
        ("@ ada @.ada @-ada", []),
        ("@ádam", []),
        ("@adám", ["@ad"]),
        ("https://work.example/@ada/1 and @bob", ["@bob"]),
        ("https://a.example/?x=.@ada", []),
    ],
)
def test_mentions(written: str, found: list[str]) -> None:
    assert mentioned(written) == found


def test_own_domain_may_have_a_port() -> None:
    assert mentioned("@ada@127.0.0.1:8000 @bob@127.0.0.1", "127.0.0.1:8000") == [
        "@ada@127.0.0.1:8000"
    ]


def test_parse_tells_where_and_what() -> None:
    written = "@Ada@work.example: #Café https://a.example"

    parsed = text.parse(written, domain="work.example")

    assert parsed.mentions == (Mention("Ada", "work.example", 0, 17),)
    assert parsed.hashtags == (Hashtag("Café", "cafe", 19, 24),)
    assert parsed.links == (Link("https://a.example", 25, 42),)


def test_names_and_tags_are_told_once_as_first_typed() -> None:
    parsed = text.parse("@bob @Ada @ADA #Foo #foo #Bar", domain="work.example")

    assert parsed.usernames == ("bob", "ada")
    assert parsed.tags == {"foo": "Foo", "bar": "Bar"}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("#Foo #bar", ["foo", "bar"]),
        ("＃tag", ["tag"]),
        ("text\n#tag.", ["tag"]),
        ("#日本語 #한국어 #हिन्दी #ไทย", ["日本語", "한국어", "हिन्दी", "ไทย"]),
        ("#がぎ #Йод", ["がぎ", "йод"]),
        ("#caf\u00e9 #Łódź #Ångström", ["cafe", "lodz", "angstrom"]),
        ("#ＦＵＬＬ", ["full"]),
        ("#a·b #タグ・名 #می\u200cخواهم", ["a·b", "タグ・名", "می\u200cخواهم"]),
        ("#a· #a・", ["a", "a"]),
        ("#1 #2024 #１２３ #²", []),
        ("#1a #2024_plan #3d", ["1a", "2024_plan", "3d"]),
        ("(#no) x#no /#no &#39; #", []),
        ("\u200f#שלום", ["שלום"]),
        ("#️⃣ #1️⃣ #👍", []),
        ("#c++ #c#", ["c", "c"]),
        ("##no", []),
        ("#a-b", ["a"]),
        ("#" + "a" * 255, ["a" * 255]),
        ("#" + "a" * 256, []),
        ("https://a.example/#no https://a.example/ #yes", ["yes"]),
        ("#https://a.example", []),
    ],
)
def test_hashtags(written: str, found: list[str]) -> None:
    assert tagged(text.clean(written)) == found


@pytest.mark.parametrize(
    ("name", "normalised"),
    [
        ("Foo", "foo"),
        ("#Foo", "foo"),
        ("＃Foo", "foo"),
        ("İstanbul", "istanbul"),
        ("Straße", "straße"),
        ("Ǿ", "o"),
        ("123", None),
        ("", None),
        ("#", None),
        ("a b", None),
        ("·a", None),
        ("a/b", None),
        ("½", None),
        ("ﷺ" * 255, None),
    ],
)
def test_normalise_hashtag(name: str, normalised: str | None) -> None:
    assert text.normalise_hashtag(name) == normalised


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("https://a.example", ["https://a.example"]),
        ("HTTP://A.example/X", ["HTTP://A.example/X"]),
        (
            "see https://a.example/b, https://a.example/c. Or",
            ["https://a.example/b", "https://a.example/c"],
        ),
        ("(https://a.example/b)", ["https://a.example/b"]),
        ("https://a.example/b_(c)", ["https://a.example/b_(c)"]),
        ("https://a.example/b(c", ["https://a.example/b"]),
        ("<https://a.example/b>", ["https://a.example/b"]),
        ("https://a.example/?q=1&r=[2]#f!", ["https://a.example/?q=1&r=[2]#f"]),
        ("https://a.example/@ada/1", ["https://a.example/@ada/1"]),
        ("http://localhost:8000/x http://10.0.0.1", ["http://localhost:8000/x", "http://10.0.0.1"]),
        ("https://münchen.example/straße", ["https://münchen.example/straße"]),
        ("https://xn--mnchen-3ya.example", ["https://xn--mnchen-3ya.example"]),
        ("见https://a.example。好", ["https://a.example"]),
        ("https://a.example的网站", ["https://a.example"]),
        ("https://例え.jp/道", ["https://例え.jp/道"]),
        (
            "https://a.example\u200f https://a.example/\u202egpj.exe",
            ["https://a.example", "https://a.example/"],
        ),
        ("https://web.example/https://a.example", ["https://web.example/https://a.example"]),
        ("readme.md www.a.example a.example/b", []),
        ("javascript:alert(1) data:text/html,x ftp://a.example //a.example mailto:a@b.example", []),
        ("xhttps://a.example 1https://a.example _https://a.example", []),
        ("https:// https://. http:a.example", []),
        ("https://bank.example@evil.example/ https://a:b@c.example", []),
        ("https://a.example/" + "a" * 2030, ["https://a.example/" + "a" * 2030]),
        ("https://a.example/" + "a" * 2031, []),
    ],
)
def test_links(written: str, found: list[str]) -> None:
    """IN-7, HM-2, HM-4."""
    assert linked(written) == found


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("", 0),
        ("hello", 5),
        ("héllo", 5),
        ("e\u0301" * 10, 10),
        (FAMILY, 1),
        ("🇳🇱🇧🇪", 2),
        ("🇳🇱🇧", 2),
        ("👍🏽", 1),
        ("한국어", 3),
        ("https://a.example", 23),
        ("https://a.example/" + "a" * 1000, 23),
        ("see https://a.example.", 28),
        ("readme.md", 9),
        ("@ada", 4),
        ("@ada@work.example", 4),
        ("@ada@other.example!", 5),
        ("ada@other.example", 17),
        ("https://a.example/.@eve@other.example", 23),
        ("@eve@https://a.example", 28),
        ("a\nb", 3),
        ("https://a.example/" + "a" * 3000, 3018),
        ("a" * 50_001, 50_001),
    ],
)
def test_counted_length(written: str, length: int) -> None:
    """IN-4."""
    assert text.counted_length(written) == length


def test_the_warning_is_counted_in() -> None:
    """IN-4."""
    assert text.counted_length("two 👍🏽", "one https://a.example") == 5 + 27


@pytest.mark.parametrize("endless", ["👨\u200d", "a\u200d", "\u0301", "🇳\u0301"])
def test_one_endless_character_does_not_pass_the_limit(endless: str) -> None:
    assert text.counted_length(endless * 20_000) > 500
