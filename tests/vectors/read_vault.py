#!/usr/bin/env python3
"""An independent reader of key slots and sealed secrets, written from FORMATS.md, "Key slot" and "Sealed secret", alone.

    read_vault.py [FILE ...]

Checks vector files (without arguments: vault/*.json beside this script): every case must give what it says it gives,
a failure of exactly its kind included. Exit status: 0 all cases hold, 1 some do not, 2 a file cannot be read or holds
nothing to check, or Argon2id is missing. Python 3.9 or later; Argon2id from python3-argon2, or from python3-cryptography 44 or later.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys
import unicodedata
import uuid

MASK = 0xFFFFFFFF
SLOT_LABEL = b"sallyport/key-slot/v1\0"
SEAL_LABEL = b"sallyport/sealed-secret/v1\0"
KEY_ID_LABEL = b"sallyport/sealing-key/v1\0"
PARAMETERS = b"totp;sha1;6;30"


class Refused(Exception):
    """Carries the kind of failure, in the words of the document."""


def argon2id(secret, salt, memory, passes, lanes):
    try:
        from argon2.low_level import Type, hash_secret_raw
    except ImportError:
        try:
            from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
        except ImportError:
            print("Argon2id is missing: install python3-argon2, or python3-cryptography 44 or later.", file=sys.stderr)
            sys.exit(2)

        return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(secret)
    return hash_secret_raw(secret, salt, passes, memory, lanes, 32, Type.ID)


def rotate(value, bits):
    return ((value << bits) | (value >> (32 - bits))) & MASK


def rounds(state):
    """The twenty rounds of ChaCha (RFC 8439 §2.3)."""
    state = list(state)
    columns = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
    diagonals = ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
    for _ in range(10):
        for a, b, c, d in columns + diagonals:
            for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                state[x] = (state[x] + state[y]) & MASK
                state[z] = rotate(state[z] ^ state[x], bits)
    return state


def words(data):
    return struct.unpack("<%dI" % (len(data) // 4), data)


CONSTANTS = words(b"expand 32-byte k")


def subkey(key, nonce):
    """HChaCha20 (draft-irtf-cfrg-xchacha-03 §2.2)."""
    state = rounds(CONSTANTS + words(key) + words(nonce))
    return struct.pack("<8I", *(state[:4] + state[12:]))


def stream(key, counter, nonce, length):
    out = b""
    while len(out) < length:
        start = CONSTANTS + words(key) + (counter,) + words(nonce)
        out += struct.pack("<16I", *((a + b) & MASK for a, b in zip(start, rounds(start))))
        counter += 1
    return out[:length]


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        block = message[at : at + 16] + b"\1"
        total = (total + int.from_bytes(block, "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


def padded(data):
    return data + bytes(-len(data) % 16)


def crypt(key, nonce, text, associated, encrypted):
    """XChaCha20-Poly1305 in one direction: the other text, and the tag over the encrypted one."""
    key, nonce = subkey(key, nonce[:16]), bytes(4) + nonce[16:]
    other = bytes(a ^ b for a, b in zip(text, stream(key, 1, nonce, len(text))))
    covered = padded(associated) + padded(text if encrypted else other)
    covered += struct.pack("<QQ", len(associated), len(text))
    return other, poly1305(stream(key, 0, nonce, 32), covered)


def decrypt(key, nonce, sealed, associated):
    plain, tag = crypt(key, nonce, sealed[:-16], associated, True)
    if not hmac.compare_digest(tag, sealed[-16:]):
        raise Refused("does-not-open")
    return plain


def once(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name comes twice")
    return dict(pairs)


def fixed(text, length):
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError) as error:
        raise Refused("slot-malformed") from error
    if len(data) != length or base64.b64encode(data).decode() != text:
        raise Refused("slot-malformed")
    return data


def slot_parts(slot):
    if set(slot) != {"kind", "id", "kdf", "nonce", "wrapped"} or slot["kind"] != "passphrase":
        raise Refused("slot-malformed")
    kdf = slot["kdf"]
    if set(kdf) != {"name", "memory", "passes", "lanes", "salt"} or kdf["name"] != "argon2id":
        raise Refused("slot-malformed")
    cost = [kdf[name] for name in ("memory", "passes", "lanes")]
    if not all(type(number) is int and 0 <= number <= MASK for number in cost):
        raise Refused("slot-malformed")
    parts = cost, fixed(kdf["salt"], 16), fixed(slot["nonce"], 24), fixed(slot["wrapped"], 80)
    memory, passes, lanes = cost
    if not (8192 <= memory <= 1048576 and 1 <= passes <= 16 and 1 <= lanes <= 16):
        raise Refused("cost-out-of-bounds")
    return parts


def slot_data(vault, generation, slot, cost, salt):
    return (
        SLOT_LABEL
        + uuid.UUID(vault).bytes
        + struct.pack(">Q", generation)
        + uuid.UUID(slot["id"]).bytes
        + slot["kind"].encode() + b"\0"
        + slot["kdf"]["name"].encode() + b"\0"
        + struct.pack(">III", *cost)
        + salt
    )


def derive(passphrase, salt, cost):
    return argon2id(unicodedata.normalize("NFC", passphrase).encode("utf-8"), salt, *cost)


def open_slot(case):
    slot = case["slot"]
    cost, salt, nonce, wrapped = slot_parts(slot)
    associated = slot_data(case["vault"], case["generation"], slot, cost, salt)
    keys = decrypt(derive(case["passphrase"], salt, cost), nonce, wrapped, associated)
    return {"database_key": keys[:32].hex(), "sealing_key": keys[32:].hex()}


def key_id(key):
    return hashlib.sha256(KEY_ID_LABEL + key).digest()[:8]


def seal_data(case, key):
    place = b"".join(uuid.UUID(case[name]).bytes for name in ("workspace", "account", "authenticator"))
    return SEAL_LABEL + place + key_id(key) + PARAMETERS


def unseal(case):
    key, sealed = bytes.fromhex(case["sealing_key"]), bytes.fromhex(case["sealed"])
    if sealed and sealed[0] != 1:
        raise Refused("unknown-format")
    if len(sealed) != 69:
        raise Refused("seal-malformed")
    if sealed[1:9] != key_id(key):
        raise Refused("other-key")
    return {"secret": decrypt(key, sealed[9:33], sealed[33:], seal_data(case, key)).hex()}


def holds(case):
    try:
        found, made = "opened", open_slot(case) if "slot" in case else unseal(case)
    except Refused as refused:
        found, made = str(refused), {}
    if found != case["expect"]:
        return f"expected {case['expect']}, found {found}"
    return None if all(case[name] == value for name, value in made.items()) else "the bytes differ"


def main(arguments):
    paths = [pathlib.Path(a) for a in arguments] or sorted(pathlib.Path(__file__).parent.glob("vault/*.json"))
    checked = failed = 0
    for path in paths:
        try:
            cases = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)["cases"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            print(f"{path.name}: cannot be read: {error}", file=sys.stderr)
            return 2
        for case in cases:
            checked += 1
            wrong = holds(case)
            if wrong:
                failed += 1
                print(f"{path.name}: {case['name']}: {wrong}", file=sys.stderr)
    print(f"{checked - failed} of {checked} cases hold")
    if checked == 0:
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
