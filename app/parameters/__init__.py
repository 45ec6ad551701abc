"""The one mechanism that reads parameters: from query, form, multipart or JSON, on any method.

class HomeParameters(Page):
    only_media: Flag = False

async def home(params: Parameters[HomeParameters], ...) -> Response:
"""

from app.parameters.decoding import decode_form, decode_json, decode_parts, decode_query
from app.parameters.models import Limited, OffsetPage, OwnParameters, Page, ParameterModel, Sizes
from app.parameters.reading import Parameters, parameters_of, read_body, read_parameters
from app.parameters.values import Count, Flag, Id, Moment, PathId, Text, Upload, Whole

__all__ = [
    "Count",
    "Flag",
    "Id",
    "Limited",
    "Moment",
    "OffsetPage",
    "OwnParameters",
    "Page",
    "ParameterModel",
    "Parameters",
    "PathId",
    "Sizes",
    "Text",
    "Upload",
    "Whole",
    "decode_form",
    "decode_json",
    "decode_parts",
    "decode_query",
    "parameters_of",
    "read_body",
    "read_parameters",
]
