"""What a run of schemathesis takes to go on meaning something."""

import itertools
import os

import schemathesis

# Failures are counted by where they come from: each request comes from somewhere else, through a proxy that is believed.
SOURCES = (f"198.18.{n >> 8 & 255}.{n & 255}" for n in itertools.count())
# These end the session that they are asked in, so they are asked in another.
ENDING = {"/v1/lock", "/v1/sign-out"}
OWN = f"Bearer {os.environ['SESSION']}"


@schemathesis.hook
def before_call(context, case, kwargs):
    headers = case.headers
    if headers is None:
        return
    headers["X-Forwarded-For"] = next(SOURCES)
    # A signature cannot be guessed: with one that is made up, every answer would be 401.
    if next(COUNT) % 10:
        headers.pop("Sallyport-Device", None)
    if case.path in ENDING and headers.get("Authorization") == OWN:
        headers["Authorization"] = f"Bearer {os.environ['SPARE']}"


COUNT = itertools.count()


@schemathesis.hook
def map_body(context, body):
    return whole(body)


def whole(value):
    """Integers are written without a fraction: 7.0 is one for JSON Schema, and malformed for the server."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    return value
