"""S3, Amazon's and what speaks like it (MinIO, Ceph, R2). An object appears when all of it is there.

Each piece goes with its MD5, which the server compares (RFC 1864): what was damaged on the way is
refused. Signing, retrying and parsing are boto3's.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore import exceptions as boto
from botocore.config import Config

from parley.transfer.kinds import CHUNK, Found, Place
from parley.transfer.reaching import looked_at
from parley.transfer.troubles import PlaceTrouble, Step, Trouble

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PIECE = 16 * 1024 * 1024
"""Bytes of one piece of a large object: 10,000 of them are the most there may be, 160 GB."""

_SIGN_IN = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "401"}
_FOLDER = {"NoSuchBucket"}
_REGION = {
    "AuthorizationHeaderMalformed",
    "PermanentRedirect",
    "IllegalLocationConstraintException",
}
_DENIED = {"AccessDenied", "403", "AllAccessDisabled"}
_SPACE = {"XMinioStorageFull", "QuotaExceeded", "InsufficientCapacity", "507"}
_MISSING = {"NoSuchKey", "404", "NotFound"}


class S3Session:
    """A bucket, or a "folder" in it."""

    renames = False
    shown = ""

    def __init__(self, place: Place) -> None:
        """Look whether the bucket is there. Raises PlaceTrouble."""
        self.place = place
        endpoint = urlsplit(place.endpoint or f"https://s3.{_region(place)}.amazonaws.com")
        looked_at(endpoint.hostname or "", endpoint.port or 443)
        if not place.user or not place.secret:
            # With none given, the library would look for this machine's own.
            raise PlaceTrouble(Step.SIGN_IN, Trouble.SIGN_IN_REFUSED)
        self.client: S3Client = boto3.session.Session().client(
            "s3",
            endpoint_url=place.endpoint or None,
            region_name=_region(place),
            aws_access_key_id=place.user,
            aws_secret_access_key=place.secret,
            config=Config(
                connect_timeout=place.timeout,
                read_timeout=place.timeout,
                retries={"total_max_attempts": 1},
                proxies={},
                s3={"addressing_style": "path" if place.endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    def _look(self) -> None:
        with _asking(Step.FOLDER):
            try:
                self.client.list_objects_v2(
                    Bucket=self.place.bucket, Prefix=self._key(""), MaxKeys=1
                )
            except boto.ClientError as error:
                # A key that may write need not be one that may look around.
                if _code(error) not in _DENIED:
                    raise

    def write(self, name: str, stream: IO[bytes]) -> None:
        """In one piece, or, if it is large, in several that become one object at the end."""
        key = self._key(name)
        self._abort_leftovers(key)
        piece = stream.read(PIECE)
        with _asking(Step.PERMISSION):
            if len(piece) < PIECE:
                self.client.put_object(
                    Bucket=self.place.bucket, Key=key, Body=piece, ContentMD5=_md5(piece)
                )
                return
            self._write_in_pieces(key, piece, stream)

    def _write_in_pieces(self, key: str, piece: bytes, stream: IO[bytes]) -> None:
        bucket = self.place.bucket
        upload = self.client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        done: list[Any] = []
        try:
            while piece:
                number = len(done) + 1
                answer = self.client.upload_part(
                    Bucket=bucket,
                    Key=key,
                    UploadId=upload,
                    PartNumber=number,
                    Body=piece,
                    ContentMD5=_md5(piece),
                )
                done.append({"PartNumber": number, "ETag": answer["ETag"]})
                piece = stream.read(PIECE)
            self.client.complete_multipart_upload(
                Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": done}
            )
        except BaseException:
            with suppress(boto.ClientError, boto.BotoCoreError):
                self.client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
            raise

    def _abort_leftovers(self, key: str) -> None:
        """Pieces of former tries are kept, and charged for, until somebody lets go of them."""
        with suppress(boto.ClientError, boto.BotoCoreError):
            begun = self.client.list_multipart_uploads(Bucket=self.place.bucket, Prefix=key)
            for one in begun.get("Uploads", []):
                if one["Key"] == key:
                    self.client.abort_multipart_upload(
                        Bucket=self.place.bucket, Key=key, UploadId=one["UploadId"]
                    )

    def size_of(self, name: str) -> int | None:
        """As the bucket says."""
        with _asking(Step.SIZE):
            try:
                about = self.client.head_object(Bucket=self.place.bucket, Key=self._key(name))
            except boto.ClientError as error:
                if _code(error) in _MISSING:
                    return None
                raise
        return about["ContentLength"]

    def rename(self, old: str, new: str) -> None:
        """Never asked for: an object appears whole under its own name."""
        raise PlaceTrouble(Step.RENAME, Trouble.RENAME_REFUSED)

    def delete(self, name: str) -> None:
        """As asked."""
        with _asking(Step.PERMISSION):
            self.client.delete_object(Bucket=self.place.bucket, Key=self._key(name))

    def files(self) -> list[Found]:
        """The objects of this "folder", without those of the ones in it."""
        prefix = self._key("")
        with _asking(Step.FOLDER):
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.place.bucket, Prefix=prefix, Delimiter="/"
            )
            found = [one for page in pages for one in page.get("Contents", [])]
        return [
            Found(one["Key"].removeprefix(prefix), one["Size"], one["LastModified"])
            for one in found
            if one["Key"] != prefix
        ]

    def read(self, name: str, into: IO[bytes], limit: int) -> int:
        """Copy it piece by piece."""
        size = 0
        with _asking(Step.PERMISSION):
            answer = self.client.get_object(Bucket=self.place.bucket, Key=self._key(name))
            for chunk in answer["Body"].iter_chunks(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise PlaceTrouble(Step.SIZE, Trouble.FILE_TOO_LARGE)
                into.write(chunk)
        return size

    def close(self) -> None:
        """Close its connections."""
        self.client.close()

    def _key(self, name: str) -> str:
        folder = self.place.folder.strip("/")
        return posixpath.join(folder, name) if folder else name


def _region(place: Place) -> str:
    return place.region or "us-east-1"


def _md5(piece: bytes) -> str:
    return base64.b64encode(hashlib.md5(piece, usedforsecurity=False).digest()).decode()


def _code(error: boto.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


_WHICH = [
    (_SIGN_IN, Step.SIGN_IN, Trouble.SIGN_IN_REFUSED),
    (_FOLDER, Step.FOLDER, Trouble.FOLDER_MISSING),
    (_REGION, Step.FOLDER, Trouble.WRONG_REGION),
    (_SPACE, Step.SPACE, Trouble.NO_SPACE),
]


@contextmanager
def _asking(step: Step) -> Iterator[None]:
    """What the server refuses in the block is trouble at this step."""
    try:
        yield
    except boto.ClientError as error:
        raise _refused(step, _code(error), error) from error
    except boto.SSLError as error:
        raise PlaceTrouble(Step.CERTIFICATE, Trouble.CERTIFICATE_UNTRUSTED) from error
    except (boto.ConnectTimeoutError, boto.ReadTimeoutError) as error:
        late = Trouble.TIMED_OUT if step == Step.FOLDER else Trouble.STALLED
        raise PlaceTrouble(Step.CONNECTION if step == Step.FOLDER else step, late) from error
    except (boto.ConnectionError, boto.HTTPClientError) as error:
        at = Step.CONNECTION if step == Step.FOLDER else step
        refused = isinstance(error, boto.EndpointConnectionError)
        trouble = Trouble.CONNECTION_REFUSED if refused else Trouble.CONNECTION_LOST
        raise PlaceTrouble(at, trouble) from error
    except boto.BotoCoreError as error:
        raise PlaceTrouble(Step.CONNECTION, Trouble.OTHER_LANGUAGE) from error


def _refused(step: Step, code: str, error: boto.ClientError) -> PlaceTrouble:
    said = str(error.response.get("Error", {}).get("Message", ""))
    for codes, at, trouble in _WHICH:
        if code in codes:
            return PlaceTrouble(at, trouble, said)
    if code in _DENIED:
        return PlaceTrouble(step, Trouble.NOT_PERMITTED, said)
    if code in _MISSING:
        return PlaceTrouble(step, Trouble.FILE_MISSING)
    return PlaceTrouble(step, Trouble.REFUSED, said)
