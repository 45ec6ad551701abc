"""Weights: what the organisation chose for the formula (docs/expertise.md)."""

from dataclasses import fields

from app.settings import Settings
from search.formula import Weights


def chosen(settings: Settings) -> Weights:
    """Each is the setting `expertise_` and its name."""
    given = {each.name: getattr(settings, f"expertise_{each.name}") for each in fields(Weights)}
    return Weights(**{**given, "meanings": tuple(given["meanings"])})
