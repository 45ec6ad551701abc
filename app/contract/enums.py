"""Every set of words that a field may be, under a name of its own."""

from typing import Any, Final

from app.contract.schemas import REF

# By their words. Models name some of their own: those keep their names.
_NAMES: Final = {
    "accept filter drop": "NotificationPolicyAction",
    "accounts statuses hashtags": "SearchType",
    "active new": "DirectoryOrder",
    "active pending disabled silenced suspended sensitized": "AdminAccountStatus",
    "all followed follower none": "PushPolicy",
    "atom rss json": "FeedFormat",
    "automatic manual denied unknown": "QuotePermission",
    "day month": "RetentionFrequency",
    "default show_all hide_all": "MediaDisplay",
    "featured friends_of_friends similar_to_recently_followed most_followed": "SuggestionReason",
    "full partial_avatars": "ExpandedAccounts",
    "home notifications public thread account": "FilterContext",
    "image gifv video audio unknown": "MediaType",
    "link photo video rich": "PreviewCardType",
    "local remote": "AccountOrigin",
    "member moderator admin": "RoleName",
    "pending accepted rejected revoked deleted unauthorized blocked_account blocked_domain "
    "muted_account": "QuoteState",
    "postgresql meilisearch": "SearchEngine",
    "public authenticated disabled": "FeedAccessLevel",
    "public followers following unsupported_policy": "QuoteAudience",
    "shown hidden declined": "EndorsementState",
    "staff past_interactions global": "SuggestionSource",
    "status reaction skill endorsement": "ExpertReasonKind",
    "subscribe unsubscribe": "WebSubMode",
    "warn hide blur": "FilterAction",
}


def name(contract: dict[str, Any]) -> None:
    """Move every enum to the schemas, so that a program has one type for it.

    Raises:
        ValueError: an enum has no name.
    """
    schemas: dict[str, Any] = contract["components"]["schemas"]
    own = {_words(schema): name for name, schema in schemas.items() if "enum" in schema}
    found: dict[str, Any] = {}

    def named(part: Any) -> Any:
        if isinstance(part, list):
            return [named(each) for each in part]
        if not isinstance(part, dict):
            return part
        if not isinstance(part.get("enum"), list):
            return {key: named(value) for key, value in part.items()}
        words = _words(part)
        title = own.get(words) or _NAMES.get(words)
        if title is None:
            raise ValueError(f"The enum {words!r} has no name in {__name__}")
        found[title] = {
            "type": "string",
            "enum": part["enum"],
            "description": f"One of {', '.join(f'`{word}`' for word in part['enum'])}.",
        }
        rest = {key: value for key, value in part.items() if key not in ("type", "enum")}
        return {"$ref": f"{REF}{title}", **rest}

    contract["paths"] = named(contract["paths"])
    contract["components"]["schemas"] = {
        name: schema if "enum" in schema else named(schema) for name, schema in schemas.items()
    }
    for title, schema in found.items():
        contract["components"]["schemas"].setdefault(title, schema)


def _words(schema: dict[str, Any]) -> str:
    return " ".join(map(str, schema["enum"]))
