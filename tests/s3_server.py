"""A real S3 server: moto's, on loopback. Here: the server. Not here: what is read from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

#: The login that an office would keep in its environment; moto takes any.
LOGIN = {"AWS_ACCESS_KEY_ID": "khoa", "AWS_SECRET_ACCESS_KEY": "bi-mat", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def s3_server() -> Iterator[str]:
    """The server, as long as the block lasts; its address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make_bucket(endpoint: str, name: str) -> Any:
    """An empty bucket. The login is that of the environment."""
    bucket = boto3.resource("s3", endpoint_url=endpoint).Bucket(name)
    bucket.create()
    return bucket
