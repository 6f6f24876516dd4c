"""Tokens and request rates of the simulated platform."""

from __future__ import annotations

import base64
import binascii
import math
import secrets
import time
from collections import deque
from dataclasses import dataclass, field

import jwt

ISSUER = "http://sim.example/oauth2"
AUDIENCE = "openedx"


@dataclass
class Client:
    id: str
    secret: str
    username: str
    staff: bool = True


class AuthError(Exception):
    """401 with this message."""


@dataclass
class Tokens:
    """Issues and checks tokens. JWTs expire by the real clock, as a platform's do."""

    clients: dict[str, Client]
    expires_in: int = 3600
    algorithm: str = "HS256"
    issued: int = 0
    _secret: str = field(default_factory=lambda: secrets.token_hex(32))
    _opaque: dict[str, tuple[str, float]] = field(default_factory=dict)
    _epoch: int = 0  # tokens of an earlier epoch count as expired
    _keys: tuple = ()

    def __post_init__(self):
        if self.algorithm.startswith("RS"):
            from cryptography.hazmat.primitives.asymmetric import rsa

            private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            self._keys = (private, private.public_key())
        else:
            self._keys = (self._secret, self._secret)

    def client_of(self, header: str, form: dict) -> Client | None:
        """The client that HTTP Basic or the form fields authenticate, None if they do not."""
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header.lower().startswith("basic "):
            try:
                name, _, secret = (
                    base64.b64decode(header[6:], validate=True).decode().partition(":")
                )
            except (binascii.Error, UnicodeDecodeError):
                return None
        client = self.clients.get(name)
        if client and secrets.compare_digest(client.secret.encode(), secret.encode()):
            return client
        return None

    def issue(self, client: Client, kind: str) -> dict:
        """The body of a token reply; kind "jwt" or "bearer"."""
        self.issued += 1
        now = int(time.time())
        scopes = ["read", "write", "profile", "email"]
        if kind == "jwt":
            token = jwt.encode(
                {
                    "aud": AUDIENCE,
                    "exp": now + self.expires_in,
                    "grant_type": "client-credentials",
                    "iat": now,
                    "iss": ISSUER,
                    "preferred_username": client.username,
                    "scopes": scopes,
                    "version": "1.2.0",
                    "sub": f"{client.id}-sub",
                    "filters": [],
                    "is_restricted": False,
                    "email_verified": True,
                    "administrator": client.staff,
                    "epoch": self._epoch,
                    "jti": secrets.token_hex(8),
                },
                self._keys[0],
                algorithm=self.algorithm,
            )
        else:
            token = secrets.token_urlsafe(22)
            self._opaque[token] = (client.id, now + self.expires_in)
        return {
            "access_token": token,
            "expires_in": self.expires_in,
            "token_type": "JWT" if kind == "jwt" else "Bearer",
            "scope": " ".join(scopes),
        }

    def expire_all(self) -> None:
        self._epoch += 1
        self._opaque.clear()

    def check(self, header: str) -> Client:
        """The client behind an Authorization header; AuthError says why not."""
        kind, _, token = header.partition(" ")
        if kind == "JWT":
            return self._check_jwt(token)
        if kind == "Bearer":
            client, expires = self._opaque.get(token, ("", 0.0))
            if client and expires > time.time():
                return self.clients[client]
            raise AuthError(
                "The access token provided has expired, been revoked, or is otherwise invalid."
                if client
                else "Invalid token"
            )
        raise AuthError("Authentication credentials were not provided.")

    def _check_jwt(self, token: str) -> Client:
        try:
            claims = jwt.decode(
                token, self._keys[1], algorithms=[self.algorithm], audience=AUDIENCE, issuer=ISSUER
            )
        except jwt.ExpiredSignatureError as error:
            raise AuthError("Token has expired.") from error
        except jwt.DecodeError as error:
            raise AuthError("Error decoding token.") from error
        except jwt.InvalidTokenError as error:
            raise AuthError("Invalid token.") from error
        if claims["epoch"] != self._epoch:
            raise AuthError("Token has expired.")
        for client in self.clients.values():
            if client.username == claims["preferred_username"]:
                return client
        raise AuthError("Invalid token.")


class Throttle:
    """Django REST framework's sliding window: `rate` is like "120/minute"; one history per user."""

    PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

    def __init__(self, rate: str):
        number, _, period = rate.partition("/")
        self.number = int(number)
        self.seconds = self.PERIODS[(period or "m")[0]]
        self._history: dict[str, deque[float]] = {}

    def wait(self, user: str) -> int | None:
        """None if the request may go on, else the whole seconds to wait."""
        if self.number <= 0:
            return None
        now = time.monotonic()
        history = self._history.setdefault(user, deque())
        while history and history[0] <= now - self.seconds:
            history.popleft()
        if len(history) < self.number:
            history.append(now)
            return None
        return max(1, math.ceil(self.seconds - (now - history[0])))
