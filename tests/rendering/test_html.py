"""Text to HTML in the form clients know, and the sanitiser (HM-1 to HM-4; content rules)."""

import pytest

from app.rendering.html import clean_html, field_html, note_html, status_html
from app.rendering.links import tag_url

ORIGIN = "https://work.example"
ACCOUNTS = {"ada": ("Ada", f"{ORIGIN}/@Ada")}
ADA = (
    '<span class="h-card" translate="no"><a href="https://work.example/@Ada" '
    'class="u-url mention">@<span>Ada</span></a></span>'
)


def rendered(text: str) -> str:
    return status_html(text, origin=ORIGIN, accounts=ACCOUNTS)


def link(url: str, prefix: str, shown: str, rest: str = "", rel: str = "nofollow noopener") -> str:
    return (
        f'<a href="{url}" target="_blank" rel="{rel}" translate="no">'
        f'<span class="invisible">{prefix}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{shown}</span>'
        f'<span class="invisible">{rest}</span></a>'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\t\n ", ""),
        ("hello", "<p>hello</p>"),
        ("one\ntwo", "<p>one<br />two</p>"),
        ("one\n\ntwo\n \n\n\nthree\n", "<p>one</p><p>two</p><p>three</p>"),
        (
            "& < > \" ' <script>alert(1)</script> &amp;",
            "<p>&amp; &lt; &gt; &quot; &#39; &lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;</p>",
        ),
        ("a\u00a0b \u200fc\u202e", "<p>a\u00a0b \u200fc\u202e</p>"),
        (":party: 🎉", "<p>:party: 🎉</p>"),
        ("# no\n* markdown", "<p># no<br />* markdown</p>"),
    ],
)
def test_paragraphs_and_escaping(text: str, html: str) -> None:
    assert rendered(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("@ada", f"<p>{ADA}</p>"),
        ("Hi @ADA@work.example!", f"<p>Hi {ADA}!</p>"),
        ("@nobody @ada@other.example", "<p>@nobody @ada@other.example</p>"),
    ],
)
def test_mentions_show_the_name_as_stored(text: str, html: str) -> None:
    assert rendered(text) == html


@pytest.mark.parametrize("typed", ["#", "＃"])
def test_hashtags_keep_their_casing_and_lead_to_the_normalised_name(typed: str) -> None:
    assert rendered(f"{typed}Café") == (
        '<p><a href="https://work.example/tags/cafe" class="mention hashtag" rel="tag">'
        "#<span>Café</span></a></p>"
    )


def test_hashtag_links_are_the_urls_of_the_tags() -> None:
    assert tag_url(ORIGIN, "日本") == "https://work.example/tags/%E6%97%A5%E6%9C%AC"
    assert f'href="{tag_url(ORIGIN, "日本")}"' in rendered("#日本")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("https://a.example", link("https://a.example", "https://", "a.example")),
        (
            "http://www.a.example/?b=1&c=2",
            link("http://www.a.example/?b=1&amp;c=2", "http://www.", "a.example/?b=1&amp;c=2"),
        ),
        (
            "https://a.example/" + "b" * 20,
            link(f"https://a.example/{'b' * 20}", "https://", f"a.example/{'b' * 20}"),
        ),
        (
            "https://a.example/" + "b" * 21,
            link(f"https://a.example/{'b' * 21}", "https://", f"a.example/{'b' * 20}", "b"),
        ),
    ],
)
def test_links_show_thirty_characters(text: str, html: str) -> None:
    assert rendered(text) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "readme.md",
        "ada@work.example",
        "http://1.2.3.4.5/",
        "http://xn--a/",
        "https://bank.example@evil.example",
    ],
)
def test_stays_text(text: str) -> None:
    assert rendered(text) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("аpple.example", "xn--pple-43d.example"),
        ("пример.рф", "пример.рф"),
        ("münchen.example", "münchen.example"),
        ("日本語.example", "日本語.example"),
        ("ελλάδα.example", "xn--hxakic4aa.example"),
    ],
)
def test_a_host_that_looks_like_another_is_shown_in_punycode(host: str, shown: str) -> None:
    """HM-4."""
    assert (
        rendered(f"https://{host}/x")
        == f"<p>{link(f'https://{host}/x', 'https://', f'{shown}/x')}</p>"
    )


def test_a_note_is_rendered_as_a_status() -> None:
    assert note_html("I am @ada\n\nHi", origin=ORIGIN, accounts=ACCOUNTS) == (
        f"<p>I am {ADA}</p><p>Hi</p>"
    )


def test_a_field_is_one_line_whose_links_are_me() -> None:
    html = field_html("https://a.example\n@ada & co", origin=ORIGIN, accounts=ACCOUNTS)

    shown = link("https://a.example", "https://", "a.example", rel="nofollow noopener me")
    assert html == f"{shown} {ADA} &amp; co"


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a<br>b</p>", "<p>a<br />b</p>"),
        ("<script>alert(1)</script>a<style>b</style>", "a"),
        ("<svg><p>a</p></svg><math>b</math><iframe>c</iframe>d", "<p>a</p>d"),
        ("<form>a</form><object>b</object><embed><template>c</template>d", "d"),
        ("<div onclick=x>a</div><img src=x onerror=alert(1)>", "a"),
        ("<h1 class='u-x'>a</h1>b", "<p><strong>a</strong></p>b"),
        ("<h2><p>a</p></h2>", "<p><strong></strong></p><p><strong>a</strong></p><p></p>"),
        ("<a href='javascript:alert(1)' target=_blank>a</a>", "<a>a</a>"),
        ("<a href='/relative'>a</a>", "<a>a</a>"),
        (
            "<a href='https://a.example'>a</a>",
            '<a href="https://a.example" rel="nofollow noopener noreferrer">a</a>',
        ),
        (
            "<a href='mailto:a@b.example' rel='me opener' target=_top>a</a>",
            '<a href="mailto:a@b.example" rel="nofollow noopener noreferrer me">a</a>',
        ),
        (
            "<a href='https://a.example' class='mention' target=_blank>a</a>",
            '<a href="https://a.example" class="mention" target="_blank" '
            'rel="nofollow noopener noreferrer">a</a>',
        ),
        (
            "<span class='h-card p-x evil  mention' style='x' translate=maybe>a</span>",
            '<span class="h-card p-x mention">a</span>',
        ),
        ("<span class='evil'>a</span>", "<span>a</span>"),
        (
            "<ol start=3 reversed=x><li value=4>a</li><li value=x>b</li></ol>",
            '<ol start="3" reversed=""><li value="4">a</li><li>b</li></ol>',
        ),
        ("<pre>\n\n\na\n b</pre>", "<pre>a\n b</pre>"),
        ("<!-- a -->b<?c?>", "b"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("\ud800", ""),
    ],
)
def test_clean_html(html: str, cleaned: str) -> None:
    """HM-1, HM-2."""
    assert clean_html(html) == cleaned


@pytest.mark.parametrize(
    "html",
    [
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<p><table><tr><td><p>x<a href='https://a.example'><table><a href='https://b.example'>",
        "<b><b><b><b><p><i>x</b>y",
        "<span>" * 5000,
        "<a href='https://a.example/<h1>&lt;h1&gt;'>x</a>",
        "\ufeff\ufeffa",
        "<textarea><a title='</textarea><img src=x onerror=alert(1)>'>",
    ],
)
def test_cleaning_twice_changes_nothing(html: str) -> None:
    """HM-3, with the samples of mutation XSS."""
    cleaned = clean_html(html)

    assert clean_html(cleaned) == cleaned
    assert "<img" not in cleaned
    assert "<style" not in cleaned
