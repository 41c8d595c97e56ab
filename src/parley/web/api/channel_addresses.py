"""What stands in the addresses of channels."""

from __future__ import annotations

from typing import Annotated

from ninja import Path
from pydantic import Field

_NUMBER = {"pattern": "^[0-9]{1,18}$"}
ChannelKey = Annotated[
    str,
    Path(..., description="the channel's id", example="4"),
    Field(json_schema_extra=dict(_NUMBER)),
]
DeliveryKey = Annotated[
    str,
    Path(..., description="the delivery's id", example="1207"),
    Field(json_schema_extra=dict(_NUMBER)),
]
