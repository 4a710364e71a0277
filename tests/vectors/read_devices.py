#!/usr/bin/env python3
"""An independent reader of pairing codes and device proofs, written from FORMATS.md alone: "Pairing codes", "Device proofs".

    read_devices.py [FILE ...]

Checks vector files (without arguments: devices/*.json beside this script): every case must come to what it says. Exit status: 0 all
cases hold, 1 some do not, 2 a file cannot be read or holds nothing to check, or a library is missing. Python 3.9 or later; Ed25519
from python3-cryptography. The symbols and their check are read by read_codes.py.
"""

import base64
import binascii
import hashlib
import json
import pathlib
import re
import sys
import uuid

from read_codes import read
from read_export import ed25519

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DASHES = "-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def point(text):
    """The point on the curve that 32 bytes stand for, or None."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, (y & (1 << 255) - 1) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 != sign else x) % P, y


def doubled(p):
    x, y = p
    t = D * x * x * y * y
    return 2 * x * y * pow(1 + t, P - 2, P) % P, (y * y + x * x) * pow(1 - t, P - 2, P) % P


def is_key(text):
    """A point that is not of small order: eight times it is not nothing."""
    found = point(text)
    return found is not None and doubled(doubled(doubled(found))) != (0, 1)


def read_code(case):
    symbols = [c for c in case["typed"] if not c.isspace() and c not in DASHES]
    first, second = (symbols[:25], symbols[25:]) if len(symbols) == 45 else (symbols, [])
    if second:
        # The check of a code of any length is the same; a code of 20 symbols has no kind, so only the sum is looked at.
        folded = [{"O": "0", "I": "1", "L": "1"}.get(c.upper(), c.upper()) if c.isascii() else c for c in second]
        if any(c not in ALPHABET for c in folded) or not holds([ALPHABET.index(c) for c in folded]):
            return "mistyped"
    kind, canonical = read("".join(first)) if first else ("empty", None)
    if kind in ("empty", "length", "mistyped"):
        return kind
    if kind != "pairing":
        return "kind"
    if canonical != case.get("sent"):
        return f"sends {canonical}"
    if hashlib.sha256(b"sallyport/pairing-code/v1\0" + canonical.encode()).hexdigest() != case.get("hash"):
        return "another hash"
    if bool(second) != ("server" in case):
        return "another server part"
    if second:
        bits = "".join(f"{ALPHABET.index(c):05b}" for c in folded[:19])
        own = "".join(f"{byte:08b}" for byte in bytes.fromhex(case["server"]))
        other = "".join(f"{byte:08b}" for byte in bytes.fromhex(case["other"])) if "other" in case else ""
        if not own.startswith(bits) or other.startswith(bits):
            return "another key"
    return "pairing"


def holds(values):
    total = 0
    for value in values:
        # Horner's rule: times alpha, plus the next.
        total <<= 1
        total = (total ^ 0b100101 if total & 32 else total) ^ value
    return total == 0


def read_header(text):
    found = re.fullmatch(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) ([A-Za-z0-9+/]{86}==)", text)
    if not found:
        return None
    signature = base64.b64decode(found[2])
    if base64.b64encode(signature).decode() != found[2]:
        return None
    return uuid.UUID(found[1]), signature


def read_proof(case):
    shown = read_header(case["header"])
    if shown is None:
        return "no-header"
    try:
        key = base64.b64decode(case["key"], validate=True)
    except binascii.Error:
        return "no-key"
    if len(key) != 32 or not is_key(key):
        return "no-key"
    device, signature = shown
    path = case["path"].encode()
    token = case.get("token")
    text = b"sallyport device request v1\n" + uuid.UUID(case["workspace"]).bytes + device.bytes + len(path).to_bytes(4, "big") + path
    text += hashlib.sha256(case["body"].encode()).digest()
    text += hashlib.sha256(bytes.fromhex(token)).digest() if token else bytes(32)
    if text.hex() != case["text"]:
        return f"signs {text.hex()}"
    # Neither the key nor R may be of small order.
    return "proved" if is_key(signature[:32]) and ed25519(key, signature, text) else "not-proved"


def main(arguments):
    paths = [pathlib.Path(a) for a in arguments] or sorted(pathlib.Path(__file__).parent.glob("devices/*.json"))
    checked = failed = 0
    for path in paths:
        try:
            cases = json.loads(path.read_text(encoding="utf-8"))
            results = [(case, case.get("reads") or case["expect"], read_code(case) if "typed" in case else read_proof(case)) for case in cases]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path.name}: cannot be read: {error!r}", file=sys.stderr)
            return 2
        for case, expected, found in results:
            checked += 1
            if found != expected:
                failed += 1
                print(f"{path.name}: {case.get('what') or case['typed']}: {found}, not {expected}", file=sys.stderr)
    print(f"{checked - failed} of {checked} cases hold")
    if checked == 0:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
