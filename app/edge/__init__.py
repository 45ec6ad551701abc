"""The edge of the server: what every request and every response have in common."""

from fastapi import FastAPI

from app.edge.middleware import MAX_BODY_BYTES, Edge
from app.load import Load
from app.metrics import Metrics
from app.readiness import Readiness
from app.route import HardopRoute
from app.services import Services


def install(app: FastAPI, shared: Services, *, load: Load | None = None) -> None:
    """Put the edge around the routes of `app`. Call it after `routing.install`.

    It takes the place of the framework's own middlewares, which would catch errors a second and a
    third time.
    """
    load = load or Load()
    app.state.metrics = Metrics(shared.database, shared.limits, load, shared.hub, shared.engine)
    app.state.readiness = Readiness(shared.database, shared.settings, shared.engine)
    app.middleware_stack = Edge(
        app.router.middleware_stack,
        shared.settings,
        load,
        app.state.metrics,
        # Where pictures come as text, too.
        {
            route.path: route.sizes.text
            for route in app.routes
            if isinstance(route, HardopRoute) and route.sizes.text > MAX_BODY_BYTES
        },
    )
