#!/usr/bin/env python3
"""An independent reader of offline recovery codes, written from FORMATS.md alone: "Offline recovery codes".

    read_offline.py [FILE ...]

Checks vector files (without arguments: offline/*.json beside this script): every case must come to what it says. Exit status: 0 all
cases hold, 1 some do not, 2 a file cannot be read or holds nothing to check. Python 3.9 or later, standard library only. The symbols
and their check are read by read_codes.py.
"""

import hashlib
import hmac
import json
import pathlib
import sys
import uuid

from read_codes import ALPHABET, read


def derived(key, salt, info):
    """HKDF-SHA-256 (RFC 5869) with 32 bytes of output: one block."""
    inner = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(inner, info + b"\x01", hashlib.sha256).digest()


def issuing_key(case, first, epoch, issuer):
    info = b"sallyport/offline-code/issuing-key/v1\0" + first.encode() + bytes([epoch]) + issuer.to_bytes(2, "big")
    info += uuid.UUID(case["device"]).bytes + uuid.UUID(case["staff"]).bytes
    return derived(bytes.fromhex(case["epochKey"]), uuid.UUID(case["workspace"]).bytes, info)


def near(number, now):
    """The last tick with this number that is at most 144 ahead."""
    last = max(now, 0) // 600 + 144
    return last - (last - number) % 1024


def check(case):
    """What a code comes to, with what it says of itself."""
    kind, canonical = read(case["typed"])
    if kind not in ("granted", "handed-over"):
        return kind, None
    values = [ALPHABET.index(c) for c in canonical]
    header = 0
    for value in values[1:8]:
        header = header << 5 | value
    proof = 0
    for value in values[8:24]:
        proof = proof << 5 | value
    says = {"epoch": header >> 32, "issuer": header >> 20 & 4095, "sequence": header >> 10 & 1023}
    key = issuing_key(case, canonical[0], says["epoch"], says["issuer"])
    tick = near(header & 1023, case["now"])
    text = b"sallyport/offline-code/v1\0" + uuid.UUID(case["workspace"]).bytes + uuid.UUID(case["user"]).bytes
    text += header.to_bytes(5, "big") + tick.to_bytes(8, "big")
    right = hmac.new(key, text, hashlib.sha256).digest()[:10]
    if not hmac.compare_digest(right, proof.to_bytes(10, "big")):
        return "not-proved", says
    return kind, {**says, "tick": tick, "issuingKey": key.hex()}


def main(arguments):
    paths = [pathlib.Path(a) for a in arguments] or sorted(pathlib.Path(__file__).parent.glob("offline/*.json"))
    checked = failed = 0
    for path in paths:
        try:
            results = [(case, (case["reads"], case.get("says")), check(case)) for case in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path.name}: cannot be read: {error!r}", file=sys.stderr)
            return 2
        for case, expected, found in results:
            checked += 1
            if found != expected:
                failed += 1
                print(f"{path.name}: {case['what']}: {found}, not {expected}", file=sys.stderr)
    print(f"{checked - failed} of {checked} cases hold")
    if checked == 0:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
