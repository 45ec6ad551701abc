"""`hardop openapi`."""

import json

import typer

from app import settings
from app.main import create_app


def openapi() -> None:
    """Print the OpenAPI document of the API."""
    typer.echo(json.dumps(create_app(settings.load()).openapi(), indent=2, ensure_ascii=False))
