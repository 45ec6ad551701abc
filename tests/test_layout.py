"""The promises about where code lives that no other tool keeps (house rules, section 1)."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from app.routers import ROUTERS

ROOT = Path(__file__).parent.parent
ROUTER_FILES = sorted((ROOT / "app" / "routers").glob("*/*.py"))

MAX_LINES = 400
MAX_ENDPOINTS = 12

# What has a job has a name.
BANNED_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager"})

# The capabilities of the design, section 4. Those without a folder are yet to come.
CAPABILITIES = frozenset(
    "identity accounts relationships statuses timelines notifications expertise questions "
    "communities learning insights integrations moderation instance".split()
)

# Files that may be longer, and why.
LONG_FILES: dict[str, str] = {}

# Router files whose test has another name, and why.
TESTED_ELSEWHERE = {
    "statuses/favourites.py": "statuses/test_marks.py",  # every mark keeps the same promises
    "statuses/bookmarks.py": "statuses/test_marks.py",
    "statuses/reblogs.py": "statuses/test_marks.py",
    "statuses/reactions.py": "statuses/test_marks.py",
    "statuses/filter_statuses.py": "statuses/test_filters.py",  # a filter is tested as a whole
}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def endpoints(path: Path) -> list[str]:
    """The names of the functions in a router file that answer a route."""
    return [
        node.name
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
        and any(
            isinstance(mark, ast.Call)
            and isinstance(mark.func, ast.Attribute)
            and isinstance(mark.func.value, ast.Name)
            and mark.func.value.id == "router"
            for mark in node.decorator_list
        )
    ]


def test_no_file_is_long() -> None:
    lengths = {
        named(path): len(path.read_text().splitlines())
        for path in python_files("app", "search", "tests", "benchmarks")
    }
    too_long = {name for name, lines in lengths.items() if lines > MAX_LINES}

    assert too_long == set(LONG_FILES)


def test_nothing_is_named_for_having_no_job() -> None:
    assert [
        named(path)
        for path in python_files("app", "search", "tests", "benchmarks", "migrations")
        if BANNED_NAMES & {*path.with_suffix("").parts[len(ROOT.parts) :]}
    ] == []


@pytest.mark.parametrize("layer", ["routers", "entities", "domain", "models"])
def test_folders_are_capabilities(layer: str) -> None:
    folders = {
        path.name
        for path in (ROOT / "app" / layer).iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }

    assert folders <= CAPABILITIES


def test_each_router_file_has_its_tests() -> None:
    missing = []
    for path in ROUTER_FILES:
        if not endpoints(path):
            continue
        name = f"{path.parent.name}/{path.name}"
        test = TESTED_ELSEWHERE.get(name, f"{path.parent.name}/test_{path.name}")
        if not (ROOT / "tests" / "api" / test).is_file():
            missing.append(f"{name}: tests/api/{test}")

    assert missing == []


def test_a_router_file_serves_one_resource() -> None:
    assert [named(path) for path in ROUTER_FILES if len(endpoints(path)) > MAX_ENDPOINTS] == []


def test_every_router_is_in_the_table() -> None:
    installed = {
        route.endpoint.__module__
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
    }
    written = {named(path)[:-3].replace("/", ".") for path in ROUTER_FILES if endpoints(path)}

    assert installed == written


def test_operations_are_named_after_their_functions() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    names = [route.endpoint.__name__ for route in routes]

    assert sorted(names) == sorted(set(names))
    assert [route.name for route in routes] == names
    assert {route.operation_id for route in routes} <= {None, *names}


def test_only_the_unit_of_work_commits() -> None:
    commits = re.compile(r"\.(commit|rollback|begin_nested)\(|session\.begin\(")

    assert [
        named(path)
        for path in python_files("app/routers", "app/domain", "app/rendering", "search")
        if commits.search(path.read_text())
    ] == []


def test_imports_are_absolute_and_at_the_top() -> None:
    hidden = []
    for path in python_files("app", "search", "tests", "benchmarks"):
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert all(node.level == 0 for node in imports), named(path)
        # `hardop --help` should not have to load the server.
        if path.is_relative_to(ROOT / "app" / "cli") or named(path).startswith("tests/"):
            continue
        hidden += [
            f"{named(path)}:{inside.lineno}"
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for inside in ast.walk(function)
            if isinstance(inside, ast.ImportFrom) and (inside.module or "").startswith("app")
        ]

    assert hidden == []


def test_public_domain_functions_say_what_they_do() -> None:
    assert [
        f"{named(path)}:{node.name}"
        for path in python_files("app/domain", "search")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ] == []


def test_every_module_has_its_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [layers] = [
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["id"] == "layers"
    ]
    named_there = {name for layer in layers for name in re.split(r"\s*[|:]\s*", layer)}
    modules = {
        f"app.{path.stem}"
        for path in (ROOT / "app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    } - {"app.__init__"}

    assert named_there == modules | {"search"}


def test_no_two_advisory_locks_have_one_number() -> None:
    numbers = [
        number
        for path in python_files("app", "search")
        for number in re.findall(r"\b4_[0-9]{3}_[0-9]{3}\b", path.read_text())
    ]

    assert len(numbers) == len(set(numbers)) > 5
