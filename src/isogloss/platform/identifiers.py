"""Random 128-bit ids for whatever annotators and requesters see."""

import secrets


def new_public_id() -> str:
    """Return 32 random hexadecimal digits."""
    return secrets.token_hex(16)
