"""Certificates of servers: vouched for by an authority, or accepted once by their fingerprint."""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl

from parley.transfer.kinds import Place
from parley.transfer.reaching import connected, network_at
from parley.transfer.troubles import PlaceTrouble, Step, Trouble


def context_for(accepted: str) -> ssl.SSLContext:
    """How TLS is spoken: with this machine's authorities, or with one accepted certificate.

    In the second case it is `wrapped` that compares the fingerprint.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if accepted:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def wrapped(sock: socket.socket, place: Place) -> ssl.SSLSocket:
    """The connection in TLS. Raises PlaceTrouble; with the fingerprint, where that is what is wrong."""
    context = context_for(place.certificate)
    try:
        with network_at(Step.CERTIFICATE):
            safe = context.wrap_socket(sock, server_hostname=place.host)
    except PlaceTrouble as trouble:
        raise _in_other_words(trouble, place) from trouble.__cause__
    if place.certificate:
        check_shown(safe, place.certificate)
    return safe


def check_shown(sock: ssl.SSLSocket, accepted: str) -> None:
    """Raises PlaceTrouble if the server shows another certificate than the accepted one."""
    shown = fingerprint_of(sock)
    if not hmac.compare_digest(shown.encode(), accepted.encode()):
        sock.close()
        raise PlaceTrouble(Step.CERTIFICATE, Trouble.CERTIFICATE_CHANGED, fingerprint=shown)


def fingerprint_of(sock: ssl.SSLSocket) -> str:
    """The SHA-256 of the certificate a server shows, as `AB:CD:…`."""
    shown = sock.getpeercert(binary_form=True) or b""
    return hashlib.sha256(shown).digest().hex(":").upper()


def _in_other_words(trouble: PlaceTrouble, place: Place) -> PlaceTrouble:
    error = trouble.__cause__
    if isinstance(error, ssl.SSLCertVerificationError):
        return PlaceTrouble(
            Step.CERTIFICATE,
            Trouble.CERTIFICATE_UNTRUSTED,
            error.verify_message,
            _shown_by(place),
        )
    if isinstance(error, ssl.SSLError):
        return PlaceTrouble(Step.CERTIFICATE, Trouble.NO_TLS)
    return trouble


def _shown_by(place: Place) -> str:
    """The fingerprint of the certificate, from a second connection on which nothing is said."""
    import ftplib

    from parley.transfer.kinds import Kind

    context = context_for("any")
    try:
        with connected(place.host, place.at_port, place.timeout) as sock:
            if place.kind == Kind.FTPS_EXPLICIT:
                client = ftplib.FTP()  # noqa: S321 - it asks for TLS and says no more
                client.sock, client.file = sock, sock.makefile("r", encoding="utf-8")
                client.getresp()
                client.voidcmd("AUTH TLS")
                client.file.close()
            with context.wrap_socket(sock, server_hostname=place.host) as safe:
                return fingerprint_of(safe)
    except (PlaceTrouble, ftplib.Error, OSError, EOFError):
        return ""
