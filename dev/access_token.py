"""LiveKit's access tokens; standard library only."""

import base64
import hashlib
import hmac
import json
import time


def sign(key, secret, claims):
    """A LiveKit access token, good for an hour."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    now = int(time.time())
    head = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps({"iss": key, "nbf": now - 5, "exp": now + 3600, **claims}).encode())
    return (head + b"." + encode(hmac.new(secret.encode(), head, hashlib.sha256).digest())).decode()
