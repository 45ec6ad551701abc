"""`docs/clients.md` says what is here, and what is not."""

from docs import clients


def test_the_document_is_what_would_be_written() -> None:
    assert clients.DOCUMENT.read_text() == clients.document(), "Run: make openapi"


def test_each_endpoint_is_there_once() -> None:
    named = [(method, path) for _, method, path in clients.endpoints()]

    assert len(named) == len(set(named))


def test_everything_in_the_route_table_that_is_called_empty_is_there() -> None:
    named = {clients._anonymous(path) for _, _, path in clients.endpoints()}

    assert set(clients.STUBS) <= named
    assert {
        beginning
        for beginning in clients.NOT_OFFERED
        if not any(f"{path}/".startswith(f"{beginning}/") for path in named)
    } == set()
