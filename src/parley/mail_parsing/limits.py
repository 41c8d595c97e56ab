"""How much of one mail is looked at; what lies beyond is named in `troubles`, and stays in the raw mail."""

from __future__ import annotations

PARTS = 1_000
"""So many parts are told apart; the rest of the mail stays within the last one."""
DEPTH = 60
"""A part this deep is not opened any more, and is an attachment as it stands."""
SEARCHES = 24
"""All searches for boundaries together may read this many times the size of the mail."""
HEADER_BLOCK = 1_000_000
"""Bytes of the header of one part."""
FIELDS = 2_000
"""Header fields of one part."""
FIELD = 200_000
"""Bytes of one header field."""
PARAMETERS = 64_000
"""Characters of a header field that carries parameters, and of one that carries ids."""
ADDRESSES = 5_000
"""Addresses of one header field."""
SUBJECT = 2_000
"""Characters of a subject."""
NAME = 200
"""Characters of the name of a file."""
TEXT = 300_000
"""Characters of a text that are looked at line by line; of a longer one, the two ends are."""
MARKUP = 1_000_000
"""Characters of HTML that are read."""
