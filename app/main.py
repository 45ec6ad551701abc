"""Wiring: settings to services, routers to one table, errors to one shape."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import edge, rate_classes, routing
from app.authentication import Authenticator
from app.contract import document
from app.database import Database, StatementLogger
from app.domain.expertise import weights
from app.domain.identity.jwts import verifier
from app.domain.instance.usage import Usage
from app.domain.statuses.media_uploads import Uploads
from app.media_store import open_store
from app.network_access import NetworkAccess
from app.rate_limits import RateLimits
from app.rendering.public_feeds import PublicFeeds
from app.rendering.statuses import Renderer
from app.routers import ROUTERS
from app.services import Services
from app.settings import Settings
from app.streaming.hub import Hub
from search import spellings
from search.engines import SearchEngine
from search.meilisearch import MeilisearchEngine
from search.meilisearch_queries import MeilisearchQueries
from search.postgres import PostgresEngine


def create_app(
    settings: Settings, database_url: str = "", *, log_statement: StatementLogger | None = None
) -> FastAPI:
    """The API. Its lifespan opens the database, which need not be there yet.

    Raises:
        TypeError: an endpoint declares no access, or a rate class that does not exist.
    """
    database = Database(database_url or settings.database_url or "", log_statement=log_statement)
    authenticator = Authenticator(
        database, idle_days=settings.token_idle_days, verify_jwt=verifier(database, settings)
    )
    renderer = Renderer(settings.origin)
    media = open_store(settings)
    shared = Services(
        settings=settings,
        database=database,
        authenticator=authenticator,
        networks=NetworkAccess(database),
        limits=RateLimits(
            database,
            enforced=settings.rate_limits == "on",
            exempt=settings.rate_limits_exempt,
        ),
        renderer=renderer,
        feeds=PublicFeeds(renderer, settings),
        engine=_engine(settings, database),
        media=media,
        uploads=Uploads(media, settings.ffmpeg),
        usage=Usage(),
        hub=Hub(database, renderer, authenticator.caller),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with database, shared.limits:
            yield
            await shared.hub.close()
            await shared.engine.close()

    app = FastAPI(
        title="Hardop",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # Looked for anew with every request, where ours are `app/metrics.py`.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = shared
    routing.install(app, ROUTERS)
    for route in app.routes:
        rate_classes.check(route)
    edge.install(app, shared)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _engine(settings: Settings, database: Database) -> SearchEngine:
    """Meilisearch if one is named, with PostgreSQL behind it."""
    chosen = weights.chosen(settings)
    synonyms = spellings.synonyms(settings.synonyms)
    if settings.meilisearch_url is None:
        return PostgresEngine(
            database, languages=settings.languages, synonyms=synonyms, weights=chosen
        )
    return MeilisearchEngine(
        database,
        MeilisearchQueries(settings.meilisearch_url, settings.meilisearch_search_key),
        prefix=settings.meilisearch_prefix,
        languages=settings.languages,
        synonyms=synonyms,
        weights=chosen,
    )
