"""Names of files: fit to show, whatever the mail says."""

from __future__ import annotations

import re

from parley.mail_parsing import limits

_UNFIT = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"\s+")
_LONGEST_ENDING = 20
_ENDINGS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "text/rfc822-headers": "txt",
    "message/rfc822-headers": "txt",
    "text/xml": "xml",
    "message/rfc822": "eml",
    "message/global": "eml",
    "message/delivery-status": "txt",
    "message/disposition-notification": "txt",
    "message/feedback-report": "txt",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/pjpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/svg+xml": "svg",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/gzip": "gz",
    "application/json": "json",
    "application/xml": "xml",
    "application/rtf": "rtf",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/ms-tnef": "dat",
    "application/vnd.ms-tnef": "dat",
    "application/ics": "ics",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m",
}


def tidy_name(name: str) -> str:
    """The last part of a path, without what would mislead; bounded, its ending kept. May be empty."""
    plain = _BLANKS.sub(" ", _UNFIT.sub("", name.replace("\n", " ").replace("\t", " ")))
    plain = (
        re.split(r"[/\\]", plain.strip().rstrip("/\\"))[-1].strip().rstrip(" .") if plain else ""
    )
    if len(plain) <= limits.NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return plain[: limits.NAME]
    return f"{stem[: limits.NAME - len(ending) - 1]}.{ending}"


def made_up_name(media_type: str, number: int) -> str:
    """A name for a file that has none: `attachment-2.pdf`."""
    ending = _ENDINGS.get(media_type)
    kind = "image" if media_type.startswith("image/") else "attachment"
    return f"{kind}-{number}.{ending}" if ending else f"{kind}-{number}"


def with_ending(stem: str, media_type: str) -> str:
    """A title made a name: `Re: order` of a mail becomes `Re order.eml`."""
    plain = tidy_name(re.sub(r'[/\\:*?"<>|]+', " ", stem))
    return f"{plain}.{_ENDINGS.get(media_type, 'dat')}" if plain else ""
