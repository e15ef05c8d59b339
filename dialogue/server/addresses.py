"""Addresses that a server listens on."""

from __future__ import annotations

import ipaddress
import socket

from dialogue.core.errors import DialogueError


class AddressError(DialogueError, ValueError):
    """A server cannot be run at this address, or not like this; the message says what is accepted."""


def is_loopback(host: str) -> bool:
    """Tell whether an address to listen on is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen_at(host: str, port: int) -> socket.socket:
    """Return a socket that listens; with port 0, on any free one.

    Raises:
        AddressError: this is no address of the machine, or the port is taken.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AddressError(
            f"{host}, port {port}: {error.strerror}. Accepted: an address of this machine and a free port, "
            f"e.g. --port {port + 1}."
        ) from error


def url(host: str, port: int) -> str:
    """Return the address as a browser takes it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
