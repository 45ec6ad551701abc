"""The tables. Importing this package registers all of them on `SQLModel.metadata`."""

from app.models import base as base
from app.models.accounts import accounts as accounts
from app.models.identity import access_tokens as access_tokens
from app.models.identity import applications as applications
from app.models.identity import idempotency_keys as idempotency_keys
from app.models.identity import users as users
from app.models.instance import announcements as announcements
from app.models.instance import custom_emojis as custom_emojis
from app.models.instance import events as events
from app.models.instance import imported_records as imported_records
from app.models.instance import rate_limits as rate_limits
from app.models.notifications import notifications as notifications
from app.models.relationships import follows as follows
from app.models.statuses import bookmarks as bookmarks
from app.models.statuses import favourites as favourites
from app.models.statuses import mentions as mentions
from app.models.statuses import reactions as reactions
from app.models.statuses import status_edits as status_edits
from app.models.statuses import statuses as statuses
from app.models.statuses import tags as tags
from app.models.timelines import home_entries as home_entries
from app.models.timelines import markers as markers
