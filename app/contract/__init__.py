"""The contract: the OpenAPI document of the routes."""

from app.contract.document import document

__all__ = ["document"]
