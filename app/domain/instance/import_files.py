"""Import files: `people` and `statuses` as JSON lines, read and checked one by one."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from app import clock
from app.domain.statuses import text
from app.errors import HardopError
from app.languages import language_or_none
from app.models.statuses.statuses import Visibility

_ENDINGS = (".jsonl", ".jsonl.gz")


# How far ahead the clocks of others may be.
_AHEAD = timedelta(days=1)


def _moment(value: datetime) -> datetime:
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    # What is to come would stand above everything that anybody says until then.
    if utc.year < 1970 or utc > clock.now() + _AHEAD:
        raise ValueError("must be between 1970 and now")
    return utc


def _text(value: str) -> str:
    if len(value) > text.MAX_TEXT_LENGTH:
        raise ValueError(f"must have {text.MAX_TEXT_LENGTH} characters at most")
    try:
        return text.clean(value).strip()
    except HardopError as error:
        raise ValueError(error.message) from None


def _words(value: str) -> str:
    if not value:
        raise ValueError("must not be empty")
    return value


def _name(value: str) -> str:
    try:
        return text.clean_name(value)
    except HardopError as error:
        raise ValueError(error.message) from None


_Moment = Annotated[datetime, AfterValidator(_moment)]
_Text = Annotated[str, AfterValidator(_text)]
_Name = Annotated[str, Field(max_length=200), AfterValidator(_name)]
_Key = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$")]


class Record(BaseModel):
    """One line. Keys that are not named here are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str


class Person(Record):
    """A line of `people`; `id` becomes the user name."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    display_name: _Name = Field("", validation_alias=AliasChoices("display_name", "name"))
    note: _Text = ""
    bot: bool = False
    unit: _Name | None = None
    location: _Name | None = None
    # The id of another line, here or imported before.
    manager: str | None = None
    # When they were first there: without it, their first status tells.
    first: _Moment | None = None


class ImportedStatus(Record):
    """A line of `statuses`; `person_id` and `in_reply_to` are ids of the files."""

    id: _Key
    person_id: str
    created_at: _Moment
    text: Annotated[_Text, AfterValidator(_words)]
    in_reply_to: _Key | None = None
    language: Annotated[str | None, AfterValidator(language_or_none)] = None
    visibility: Visibility = Visibility.PUBLIC


RecordType = TypeVar("RecordType", bound=Record)


@dataclass(frozen=True, slots=True)
class Line(Generic[RecordType]):
    """One line that is not blank: its record, or why there is none."""

    file: str
    number: int
    record: RecordType | None
    why: str = ""

    def problem(self, why: str = "") -> str:
        """`file:line: why`."""
        return f"{self.file}:{self.number}: {why or self.why}"


class UnreadableImport(HardopError):
    """The folder cannot be imported at all; the message says why."""

    status = 422
    code = "unreadable_import"


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """The two files, and the name under which their records are remembered."""

    name: str
    people_file: Path
    statuses_file: Path

    def people(self) -> Iterator[Line[Person]]:
        """Each line of `people`, in order. A file may be read any number of times."""
        return _lines(self.people_file, Person)

    def statuses(self) -> Iterator[Line[ImportedStatus]]:
        """Each line of `statuses`, in order. A file may be read any number of times."""
        return _lines(self.statuses_file, ImportedStatus)


def find(folder: Path) -> ImportFolder:
    """What there is to import in a folder.

    Its name is the `set` of `meta.json`, or else the folder's own: it may be moved and imported
    again.

    Raises:
        UnreadableImport: a file is missing or unreadable.
    """
    if not folder.is_dir():
        raise UnreadableImport(f"{folder} is not a folder")
    return ImportFolder(_set_name(folder), _file(folder, "people"), _file(folder, "statuses"))


def _file(folder: Path, name: str) -> Path:
    for ending in _ENDINGS:
        file = folder / f"{name}{ending}"
        if file.is_file():
            return file
    raise UnreadableImport(f"{folder} has no {name}.jsonl or {name}.jsonl.gz")


def _set_name(folder: Path) -> str:
    file = folder / "meta.json"
    otherwise = folder.resolve().name
    if not file.is_file():
        return otherwise
    try:
        described: Any = json.loads(file.read_bytes())
    except (OSError, ValueError):
        raise UnreadableImport(f"{file} is not readable as JSON") from None
    name = described.get("set") if isinstance(described, dict) else None
    return name if isinstance(name, str) and name else otherwise


def _lines(file: Path, kind: type[RecordType]) -> Iterator[Line[RecordType]]:
    number = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as opened:
            for number, line in enumerate(opened, 1):
                if line.isspace():
                    continue
                try:
                    yield Line(file.name, number, kind.model_validate_json(line.strip()))
                except ValidationError as error:
                    yield Line(file.name, number, None, _why(error))
    # A damaged archive may fail in the middle of its first line.
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableImport(
            f"{file.name}:{number + 1}: cannot be read: {str(error) or type(error).__name__}"
        ) from None


def _why(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False)
    return "; ".join(_sentence(problem) for problem in problems[:3])


def _sentence(problem: Any) -> str:
    if problem["type"] == "json_invalid":
        # The parser sees one line, and calls it line 1.
        reason = str(problem["ctx"]["error"]).replace(" at line 1 column ", " at column ")
        return f"not JSON: {reason}"
    what = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    name = "/".join(str(part) for part in problem["loc"])
    return f"{name} {what[:1].lower()}{what[1:]}" if name else f"not an object: {what}"
