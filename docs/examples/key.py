"""Reads operations as JSON, one a line, and prints the idempotency key that the service derives for each."""

import base64
import hashlib
import json
import sys


def lengths(texts):
    """Each text as UTF-8, with its length in bytes and a colon before it."""
    return b"".join(b"%d:%s" % (len(text), text) for text in (text.encode() for text in texts))


def key(connector, environment, flow, reference, account="", payment_id="", attempt=1, returned={}):
    names = sorted(returned, key=lambda name: name.encode("utf-16-be"))
    brought_back = lengths(text for name in names for text in (name, returned[name])).decode()
    parts = ["v1", connector, environment, account, flow, payment_id, reference, str(attempt), brought_back]
    return base64.b32encode(hashlib.sha256(lengths(parts)).digest()).decode().rstrip("=")


if __name__ == "__main__":
    for line in sys.stdin:
        print(key(**json.loads(line)))
