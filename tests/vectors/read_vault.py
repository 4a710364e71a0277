#!/usr/bin/env python3
"""An independent reader of key slots, recovery kits, sealed secrets and backups, written from FORMATS.md alone: "Key slot",
"Recovery kit", "Sealed secret", "Backup".

    read_vault.py [FILE ...]

Checks vector files (without arguments: vault/*.json beside this script): every case must give what it says it gives,
a failure of exactly its kind included. Exit status: 0 all cases hold, 1 some do not, 2 a file cannot be read or holds
nothing to check, or a library is missing. Python 3.9 or later; Argon2id from python3-argon2, or from python3-cryptography
44 or later; AES for the pages of a backup from python3-cryptography. Everything else is written out here.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sqlite3
import struct
import sys
import tempfile
import unicodedata
import uuid

MASK = 0xFFFFFFFF
SLOT_LABEL = b"sallyport/key-slot/v1\0"
BACKUP_LABEL = b"sallyport/backup-slot/v1\0"
SEAL_LABEL = b"sallyport/sealed-secret/v1\0"
TOKEN_LABEL = b"sallyport/sealed-token/v1\0"
FINGERPRINT_LABEL = b"sallyport/token-fingerprint-key/v1\0"
KEY_ID_LABEL = b"sallyport/sealing-key/v1\0"
PARAMETERS = b"totp;sha1;6;30"
PAGE, RESERVED = 4096, 80


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


def moment(value):
    if type(value) is not int or not -(1 << 63) <= value < 1 << 63:
        raise Refused("slot-malformed")
    return struct.pack(">q", value)


def slot_parts(slot):
    if set(slot) - {"made"} != {"kind", "id", "kdf", "nonce", "wrapped"} or slot["kind"] != "passphrase":
        raise Refused("slot-malformed")
    kdf = slot["kdf"]
    if set(kdf) != {"name", "memory", "passes", "lanes", "salt"} or kdf["name"] != "argon2id":
        raise Refused("slot-malformed")
    cost = [kdf[name] for name in ("memory", "passes", "lanes")]
    if not all(type(number) is int and 0 <= number <= MASK for number in cost):
        raise Refused("slot-malformed")
    made = moment(slot["made"]) if "made" in slot else b""
    parts = cost, fixed(kdf["salt"], 16), fixed(slot["nonce"], 24), fixed(slot["wrapped"], 80), made
    memory, passes, lanes = cost
    if not (8192 <= memory <= 1048576 and 1 <= passes <= 16 and 1 <= lanes <= 16):
        raise Refused("cost-out-of-bounds")
    return parts


def in_vault(vault, generation):
    return SLOT_LABEL + uuid.UUID(vault).bytes + struct.pack(">Q", generation)


def in_backup(head):
    label = BACKUP_LABEL + uuid.UUID(head["backup"]).bytes + uuid.UUID(head["vault"]).bytes
    return label + struct.pack(">qQ", head["made"], head["length"])


def slot_data(place, slot, cost, salt, made):
    kinds = slot["kind"].encode() + b"\0" + slot["kdf"]["name"].encode() + b"\0"
    return place + uuid.UUID(slot["id"]).bytes + kinds + struct.pack(">III", *cost) + salt + made


def keyed_data(place, slot, kind):
    return place + uuid.UUID(slot["id"]).bytes + kind.encode() + b"\0" + moment(slot["made"])


def open_keyed(place, slot, kind, key):
    """A slot opened by a key: of a keyring, of a recovery kit, of a vault."""
    if set(slot) - {"kind"} != {"id", "made", "nonce", "wrapped"}:
        raise Refused("slot-malformed")
    nonce, wrapped = fixed(slot["nonce"], 24), fixed(slot["wrapped"], 80)
    return decrypt(key, nonce, wrapped, keyed_data(place, slot, kind))


def hkdf(secret, salt, info):
    """HKDF-SHA-256 (RFC 5869) for one block."""
    drawn = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(drawn, info + b"\1", hashlib.sha256).digest()


def kit_key(code, purpose):
    return hkdf(code.encode("ascii"), b"sallyport/recovery-kit/v1", purpose)


def kit(case):
    owner = kit_key(case["code"], b"owner")
    verifier = hashlib.sha256(b"sallyport/owner-verifier/v1\0" + owner).hexdigest()
    return {"vault_key": kit_key(case["code"], b"vault").hex(), "owner_key": owner.hex(), "verifier": verifier}


def derive(passphrase, salt, cost):
    return argon2id(unicodedata.normalize("NFC", passphrase).encode("utf-8"), salt, *cost)


def open_passphrase(place, slot, passphrase):
    cost, salt, nonce, wrapped, made = slot_parts(slot)
    return decrypt(derive(passphrase, salt, cost), nonce, wrapped, slot_data(place, slot, cost, salt, made))


def as_hex(keys):
    return {"database_key": keys[:32].hex(), "sealing_key": keys[32:].hex()}


def open_slot(case):
    place, slot = in_vault(case["vault"], case["generation"]), case["slot"]
    if "passphrase" in case:
        return as_hex(open_passphrase(place, slot, case["passphrase"]))
    if slot["kind"] == "recovery-kit":
        return as_hex(open_keyed(place, slot, slot["kind"], kit_key(case["code"], b"vault")))
    return as_hex(open_keyed(place, slot, slot["kind"], bytes.fromhex(case["keyring_key"])))


def open_backup(head, case):
    for slot in head["slots"]:
        if slot["kind"] == "passphrase" and "passphrase" in case:
            return open_passphrase(in_backup(head), slot, case["passphrase"])
        if slot["kind"] == "recovery-kit" and "code" in case:
            outer = in_vault(head["vault"], slot["generation"])
            keys = open_keyed(outer, slot["outer"], "recovery-kit", kit_key(case["code"], b"vault"))
            return open_keyed(in_backup(head), slot["inner"], "vault", hkdf(keys, b"sallyport/backup/v1", b"vault"))
    raise Refused("does-not-open")


def pages(body, key):
    """The pages of a SQLCipher 4 database under its raw key, each checked and decrypted."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        print("AES is missing: install python3-cryptography.", file=sys.stderr)
        sys.exit(2)

    salt = body[:16]
    mac = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in salt), 2, 32)
    for at in range(0, len(body), PAGE):
        page = body[at : at + PAGE]
        covered, tag = page[16 if at == 0 else 0 : -64], page[-64:]
        wanted = hmac.new(mac, covered + struct.pack("<I", at // PAGE + 1), hashlib.sha512).digest()
        if not hmac.compare_digest(wanted, tag):
            raise Refused("body-damaged")
        cipher = Cipher(algorithms.AES(key), modes.CBC(covered[-16:])).decryptor()
        plain = cipher.update(covered[:-16]) + cipher.finalize()
        yield (b"SQLite format 3\0" if at == 0 else b"") + plain + bytes(RESERVED)


def read_backup(data, case):
    line, end, body = data.partition(b"\n")
    if not line.startswith(b'{"format":"sallyport-backup"'):
        raise Refused("no-backup")
    if not end:
        raise Refused("wrong-length")
    head = json.loads(line, object_pairs_hook=once)
    if head["version"] > 1:
        raise Refused("newer")
    if len(body) != head["length"]:
        raise Refused("wrong-length")
    keys = open_backup(head, case)
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.writelines(pages(body, keys[:32]))
        file.flush()
        database = sqlite3.connect(f"file:{file.name}?immutable=1", uri=True)
        rows = [list(row) for row in database.execute(case.get("query", "SELECT 1"))]
        database.close()
    return {**as_hex(keys), "rows": rows}


def backup(case):
    data = bytearray((pathlib.Path(__file__).parent / "vault" / case["backup"]).read_bytes())
    if "replace" in case:
        data = data.replace(*(text.encode() for text in case["replace"]), 1)
    if "flip" in case:
        data[case["flip"]] ^= 1
    return read_backup(bytes(data[: case.get("keep", len(data))]), case)


def key_id(key):
    return hashlib.sha256(KEY_ID_LABEL + key).digest()[:8]


def seal_data(case, key):
    in_stock = "token" in case
    names = ("workspace", "token") if in_stock else ("workspace", "account", "authenticator")
    place = b"".join(uuid.UUID(case[name]).bytes for name in names)
    parameters = case["parameters"].encode() if "parameters" in case else PARAMETERS
    return (TOKEN_LABEL if in_stock else SEAL_LABEL) + place + key_id(key) + parameters


def unseal(case):
    key, sealed = bytes.fromhex(case["sealing_key"]), bytes.fromhex(case["sealed"])
    if sealed and sealed[0] != 1:
        raise Refused("unknown-format")
    if not (65 <= len(sealed) <= 113 if "parameters" in case else len(sealed) == 69):
        raise Refused("seal-malformed")
    if sealed[1:9] != key_id(key):
        raise Refused("other-key")
    secret = decrypt(key, sealed[9:33], sealed[33:], seal_data(case, key))
    fingerprint = hmac.new(hashlib.sha256(FINGERPRINT_LABEL + key).digest(), secret, hashlib.sha256).hexdigest()
    return {"secret": secret.hex()} | ({"fingerprint": fingerprint} if "fingerprint" in case else {})


def reader(case):
    if "backup" in case:
        return backup
    if "slot" in case:
        return open_slot
    return unseal if "sealed" in case else kit


def holds(case):
    try:
        found, made = "opened", reader(case)(case)
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
