"""The route table: every router of the server, by capability."""

from app.routers.accounts import accounts, credentials, directory, featured_tags, profiles
from app.routers.accounts import searches as account_searches
from app.routers.expertise import experts, searches, topic_endorsements
from app.routers.identity import (
    applications,
    authorizations,
    email_confirmations,
    metadata,
    pages,
    passwords,
    registrations,
    sessions,
    tokens,
)
from app.routers.instance import (
    announcements,
    custom_emojis,
    discovery,
    files,
    health,
    instance_texts,
    instances,
    preferences,
    reaction_meanings,
    reference,
    rules,
)
from app.routers.moderation import (
    account_actions,
    admin_reports,
    canonical_email_blocks,
    cohorts,
    dimensions,
    domains,
    email_domain_blocks,
    ip_blocks,
    measures,
    reports,
    trending_links,
)
from app.routers.moderation import accounts as admin_accounts
from app.routers.moderation import announcements as admin_announcements
from app.routers.moderation import custom_emojis as admin_custom_emojis
from app.routers.moderation import tags as admin_tags
from app.routers.moderation import trends as admin_trends
from app.routers.notifications import groups, notifications, policies, push_subscriptions
from app.routers.notifications import requests as notification_requests
from app.routers.relationships import (
    blocks,
    domain_blocks,
    endorsements,
    follow_requests,
    follows,
    mutes,
    notes,
    relationships,
    suggestions,
)
from app.routers.statuses import (
    bookmarks,
    contexts,
    conversation_mutes,
    conversations,
    favourites,
    filter_keywords,
    filter_statuses,
    filters,
    keyword_filters,
    media_attachments,
    oembeds,
    pins,
    polls,
    quotes,
    reactions,
    reblogs,
    scheduled_statuses,
    statuses,
    tags,
)
from app.routers.timelines import account_statuses, lists, markers, streaming, timelines, trends

ROUTERS = (
    # identity
    applications.router,
    tokens.router,
    metadata.router,
    registrations.router,
    authorizations.router,
    sessions.router,
    passwords.router,
    email_confirmations.router,
    pages.router,
    # accounts
    accounts.router,
    credentials.router,
    profiles.router,
    directory.router,
    account_searches.router,
    featured_tags.router,
    # relationships
    follows.router,
    follow_requests.router,
    blocks.router,
    mutes.router,
    notes.router,
    endorsements.router,
    domain_blocks.router,
    relationships.router,
    suggestions.router,
    # statuses
    statuses.router,
    media_attachments.router,
    contexts.router,
    oembeds.router,
    favourites.router,
    reblogs.router,
    bookmarks.router,
    pins.router,
    conversation_mutes.router,
    conversations.router,
    polls.router,
    quotes.router,
    filters.router,
    filter_keywords.router,
    filter_statuses.router,
    keyword_filters.router,
    scheduled_statuses.router,
    reactions.router,
    tags.router,
    # timelines
    timelines.router,
    trends.router,
    account_statuses.router,
    lists.router,
    markers.router,
    streaming.router,
    # expertise
    searches.router,
    experts.router,
    topic_endorsements.router,
    # notifications
    notifications.router,
    groups.router,
    policies.router,
    push_subscriptions.router,
    notification_requests.router,
    # instance
    health.router,
    instances.router,
    instance_texts.router,
    rules.router,
    discovery.router,
    custom_emojis.router,
    announcements.router,
    preferences.router,
    reaction_meanings.router,
    files.router,
    reference.router,
    # moderation
    reports.router,
    admin_accounts.router,
    account_actions.router,
    admin_reports.router,
    admin_trends.router,
    trending_links.router,
    admin_tags.router,
    email_domain_blocks.router,
    canonical_email_blocks.router,
    ip_blocks.router,
    domains.router,
    measures.router,
    dimensions.router,
    cohorts.router,
    admin_announcements.router,
    admin_custom_emojis.router,
)
