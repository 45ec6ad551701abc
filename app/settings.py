"""One frozen `Settings` object, and the only reader of the environment."""

import os
import re
import secrets
import tempfile
from functools import cached_property, lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.errors import CannotStart
from app.languages import language_or_none

Switch = Literal["on", "off"]


def _split(value: object) -> object:
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return value


# Written with commas, not as JSON.
Words = Annotated[list[str], NoDecode, BeforeValidator(_split)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Ports = Annotated[list[Port], NoDecode, BeforeValidator(_split)]

_MAIL_ADDRESS = r"^[^@\s<>]+@[^@\s<>]+$"
# As the `Host` header has it, without the port: a name, or an address.
_HOST = re.compile(r"[^\s/:@\[\]]+|\[[0-9a-fA-F:.]+\]")
# What a browser sends as `Origin`: pages, and what some apps and extensions say they are.
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[^\s/?#@]+/?", re.IGNORECASE)
# Several hosts may be named; each may have a port.
_DATABASE = re.compile(
    r"postgres(ql)?://([^\s/?#]*@)?([^\s/?#@:,]*|\[[^\s/?#@,]*\])(:\d{1,5})?(,.*|[/?].*)?"
)

PREFIX = "HARDOP_"
ENV_FILE = ".env"


class Settings(BaseSettings):
    """What an administrator may choose. Each field is a `HARDOP_*` variable or a line in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        # Lines of other programs; `load` refuses unknown ones of ours.
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
    )

    data_dir: Path = Field(Path("data"), description="Where everything is kept.")
    database_url: str | None = Field(
        None, description="A PostgreSQL 15 or newer; without it one is started in the data folder."
    )
    base_url: str | None = Field(
        None, description="What clients call this server, e.g. https://hardop.example.org."
    )
    secret_key: str | None = Field(
        None,
        min_length=32,
        description="At least 32 characters; without it one is made and kept in the data folder.",
    )
    previous_secret_key: str | None = Field(None, min_length=32)
    meilisearch_url: str | None = Field(
        None, description="A Meilisearch 1.12 or newer; without it PostgreSQL searches."
    )
    meilisearch_search_key: str | None = None
    meilisearch_index_key: str | None = None
    meilisearch_prefix: str = Field(
        "hardop_",
        pattern=r"^[A-Za-z0-9_-]{1,40}$",
        description="What the names of our indexes begin with.",
    )

    title: str = Field("Hardop", max_length=100, description="The name of the organisation.")
    description: str = Field("We work out loud.", max_length=1000)
    contact_email: str = Field("", pattern=rf"^$|{_MAIL_ADDRESS}")
    contact_account: str = Field("", description="User name of the account to ask.")
    suggested_accounts: Words = Field([], description="User names to suggest to everybody.")
    languages: Words = ["nl", "en"]
    synonyms: Words = Field([], description="What has several names here: `pump = pomp`.")

    registration: Literal["open", "approval", "closed"] = "closed"
    confirm_email: Switch = "on"
    smtp_host: str | None = Field(
        None, description="The server that takes our mail; without it nothing is mailed."
    )
    smtp_port: Port = 587
    smtp_username: str | None = None
    smtp_password: str | None = None
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the way there is kept private; `none` is for one's own machine.",
    )
    mail_from: str | None = Field(
        None,
        pattern=_MAIL_ADDRESS,
        validate_default=True,
        description="The address that mail comes from.",
    )
    rate_limits: Switch = "on"
    rate_limits_exempt: Words = Field(
        [], description="Networks of our own, for which limits by address do not count."
    )
    password_grant: Switch = "off"  # noqa: S105 - a switch, not a password
    trends: Literal["on", "review", "off"] = "on"
    reactions: Words = ["insightful", "thanks", "used_it", "can_help", "tell_me_more"]
    anonymous_reads: Switch = Field("on", description="Off: reading needs a login everywhere.")
    require_pkce: Switch = "off"
    stream_token_in_url: Switch = Field(
        "on",
        description="Whether streams take the token from `access_token` in the URL.",
    )
    api_docs: Switch = "on"
    metrics_token: str | None = Field(None, min_length=16)
    trusted_proxies: Words = Field([], description="Networks whose X-Forwarded-For is read.")
    allowed_hosts: Words = []
    cors_origins: Words = ["*"]
    s3_bucket: str | None = Field(
        None, description="Keep uploads in this bucket; without it in the data folder."
    )
    s3_endpoint: str | None = None
    s3_region: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key: str | None = None
    s3_prefix: str = ""
    s3_path_style: Switch = "off"
    ffmpeg: str = Field("ffmpeg", description="The program; ffprobe is looked for beside it.")
    preview_cards: Switch = Field("on", description="Whether linked pages are looked at.")
    websub: Switch = Field("on", description="Whether programs may be told of changed feeds.")
    outgoing_allow: Words = Field(
        [], description="Networks of our own that links and endpoints may lead to."
    )
    outgoing_ports: Ports = [80, 443, 8080, 8443]
    max_status_characters: int = Field(500, ge=100, le=10_000)
    # What finds people by what they know (docs/expertise.md).
    expertise_sharpness: float = Field(3.5, ge=1, le=10)
    expertise_length: float = Field(0.5, ge=0, le=1)
    expertise_lasting_share: float = Field(0.3, ge=0, le=1)
    expertise_half_life_years: float = Field(8, ge=0.1, le=100)
    expertise_max_items: int = Field(12, ge=1, le=50)
    expertise_skill: float = Field(25, ge=0, le=1000)
    expertise_skill_half_life_years: float = Field(0.5, ge=0.1, le=100)
    expertise_endorsement: float = Field(100, ge=0, le=1000)
    expertise_endorsement_half_life_years: float = Field(1, ge=0.1, le=100)
    expertise_uncited: float = Field(0.5, ge=0, le=1)
    expertise_mutual: float = Field(0.25, ge=0, le=1)
    expertise_reactions: float = Field(0.5, ge=0, le=10)
    expertise_meanings: Words = ["used_it", "insightful", "thanks"]
    privacy_floor: int = Field(
        5, ge=2, le=100, description="What fewer people have in common is not counted out loud."
    )
    token_idle_days: int = Field(90, ge=1)
    database_wait_seconds: float = Field(
        30,
        ge=0,
        le=86_400,
        description="How long to wait at the start for a database that is away.",
    )
    drain_seconds: float = Field(
        5, ge=0, le=15, description="After SIGTERM, how long /readyz says no before we stop."
    )
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("outgoing_allow", "rate_limits_exempt", "trusted_proxies")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        for text in value:
            ip_network(text.strip(), strict=False)
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, value: list[str]) -> list[str]:
        if not all(map(_HOST.fullmatch, value)):
            raise ValueError("must be names like hardop.example.org, without a port")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: list[str]) -> list[str]:
        if not all(map(_ORIGIN.fullmatch, value)):
            raise ValueError("must be * or like https://app.example.org, without a path")
        return value

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, value: list[str]) -> list[str]:
        if not value or not all(map(language_or_none, value)):
            raise ValueError("must be codes like nl,en")
        return value

    @field_validator("meilisearch_url", "s3_endpoint")
    @classmethod
    def _is_a_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return _web_address(value, "must be like http://127.0.0.1:7700", path=True)

    @field_validator("mail_from")
    @classmethod
    def _says_who_writes(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("smtp_host"):
            raise ValueError("is needed where HARDOP_SMTP_HOST is set")
        return value

    @field_validator("base_url")
    @classmethod
    def _is_an_origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        return _web_address(value, "must be like https://hardop.example.org, without a path")

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        if not _DATABASE.fullmatch(value):
            raise ValueError("must be like postgresql://name:password@host:5432/database")
        return value

    @property
    def origin(self) -> str:
        """The public base of every URL we make, without a trailing slash."""
        return self.base_url or "http://127.0.0.1:8000"

    @cached_property
    def media_dir(self) -> Path:
        """Where the files are that people upload."""
        return self.data_dir / "media"

    @property
    def domain(self) -> str:
        """`host[:port]`, as clients show it behind an account's name."""
        return urlsplit(self.origin).netloc


def _web_address(value: str, otherwise: str, *, path: bool = False) -> str:
    """The address of a web server, without a slash at its end.

    Raises:
        ValueError: it is none, or there is more to it.
    """
    try:
        parts = urlsplit(value)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of the port
        is_one = False
    if not is_one or "@" in parts.netloc or re.search(r"[\s?#]", value):
        raise ValueError(otherwise)
    if not path and parts.path not in ("/", ""):
        raise ValueError(otherwise)
    return value.rstrip("/")


def load(**given: object) -> Settings:
    """The settings of the environment and `.env`; `given` ones win.

    Raises:
        CannotStart: a setting is unknown or has a wrong value; the message names each.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    # HARDOP_TEST_* belongs to the test suite.
    unknown = {
        name
        for name in (*os.environ, *dotenv_values(ENV_FILE))
        if name.startswith(PREFIX) and name not in known and not name.startswith(PREFIX + "TEST_")
    }
    if unknown:
        raise CannotStart(f"Unknown setting {', '.join(sorted(unknown))}. See docs/operating.md.")
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        wrong = "; ".join(
            f"{PREFIX}{_name(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise CannotStart(f"Wrong setting. {wrong}. See docs/operating.md.") from None


def _name(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place).upper().removeprefix(PREFIX)


def secret_key(settings: Settings) -> str:
    """The key from which every other one is derived: the one that was set, or one that is kept.

    Raises:
        CannotStart: there is none, and none can be written to the data folder.
    """
    return settings.secret_key or _kept_secret_key(settings.data_dir / "secret_key")


@lru_cache(8)
def _kept_secret_key(file: Path) -> str:
    try:
        if not file.exists():
            _make_secret_key(file)
        key = file.read_text().strip()
    except OSError as error:
        raise CannotStart(f"Cannot keep a secret key in {file}: {error.strerror}.") from None
    if len(key) < 32:
        raise CannotStart(f"{file} is damaged. Restore it from a backup, or delete it.")
    return key


def _make_secret_key(file: Path) -> None:
    """Complete or not there at all, and the same for everybody who starts at this moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent)  # readable by us only
    try:
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_urlsafe(48))
            new.flush()
            os.fsync(new.fileno())
        os.link(name, file)
    except FileExistsError:
        pass  # another process was faster: its key is everybody's
    finally:
        os.unlink(name)
