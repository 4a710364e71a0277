#!/usr/bin/env python3
"""An independent writer of the samples under intake/: files as token makers and authenticators export them.

    write_intake.py

Written from RFC 6030 and from each program's own description, with Python's cryptography, PyNaCl (libsodium), qrencode and
Pillow: none of the libraries that read them. Salts and nonces are fixed, so that the same files come out again. What each
must give stands in intake/cases.json, which is written by hand and left alone.
"""

import base64
import hashlib
import hmac
import io
import json
import pathlib
import struct
import subprocess
import urllib.parse
import zlib

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings, pwhash
from PIL import Image

OUT = pathlib.Path(__file__).parent / "intake"
ASCII20 = b"12345678901234567890"
ASCII32 = b"12345678901234567890123456789012"


def b64(data):
    return base64.b64encode(data).decode()


def b32(data):
    return base64.b32encode(data).decode().rstrip("=")


def write(name, data):
    (OUT / name).write_bytes(data.encode() if isinstance(data, str) else data)


# RFC 6030

PSKC = "urn:ietf:params:xml:ns:keyprov:pskc"
SPACES = f'xmlns="{PSKC}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"'
DERIVED = 'xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#"'
SHA1 = "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"


def cbc(key, iv, data):
    pad = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return iv + cipher.update(pad.update(data) + pad.finalize()) + cipher.finalize()


def cipher_data(key, sealed):
    return (f'<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes{len(key) * 8}-cbc"/>'
            f"<xenc:CipherData><xenc:CipherValue>\n{b64(sealed)}\n</xenc:CipherValue></xenc:CipherData>")


def sealed_value(keys, iv, data, spoil=False):
    key, mac_key, digest = keys
    sealed = cbc(key, bytes([iv]) * 16, data)
    mac = bytearray(hmac.new(mac_key, sealed, digest).digest())
    mac[0] ^= spoil
    return f"<EncryptedValue>{cipher_data(key, sealed)}</EncryptedValue><ValueMAC>{b64(mac)}</ValueMAC>"


def mac_method(keys, uri):
    key, mac_key, _ = keys
    return f'<MACMethod Algorithm="{uri}"><MACKey>{cipher_data(key, cbc(key, bytes(range(16)), mac_key))}</MACKey></MACMethod>'


def preshared(name):
    return f"<EncryptionKey><ds:KeyName>{name}</ds:KeyName></EncryptionKey>"


def pbkdf2(salt, rounds, length, prf=""):
    prf = f'<PRF Algorithm="{prf}"/>' if prf else "<PRF/>"
    return (f"<EncryptionKey><xenc11:DerivedKey {DERIVED}>"
            '<xenc11:KeyDerivationMethod Algorithm="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2">'
            f"<pkcs5:PBKDF2-params><Salt><Specified>{b64(salt)}</Specified></Salt><IterationCount>{rounds}</IterationCount>"
            f"<KeyLength>{length}</KeyLength>{prf}</pkcs5:PBKDF2-params></xenc11:KeyDerivationMethod>"
            "<xenc11:MasterKeyName>The passphrase</xenc11:MasterKeyName></xenc11:DerivedKey></EncryptionKey>")


def token(serial, profile, value, more="", digits="6", suite="", issuer="Example"):
    suite = f"<Suite>{suite}</Suite>" if suite else ""
    return (f"<KeyPackage><DeviceInfo><Manufacturer>oath.ACME</Manufacturer><SerialNo>{serial}</SerialNo></DeviceInfo>"
            f'<Key Id="{serial}" Algorithm="{PSKC}:{profile}"><Issuer>{issuer}</Issuer><AlgorithmParameters>{suite}'
            f'<ResponseFormat Length="{digits}" Encoding="DECIMAL"/></AlgorithmParameters>'
            f"<Data><Secret>{value}</Secret>{more}</Data></Key></KeyPackage>\n")


def container(body, before="", spaces=SPACES):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<KeyContainer Version="1.0" {spaces}>\n{body}</KeyContainer>\n'


def plain(data):
    return f"<PlainValue>{b64(data)}</PlainValue>"


def write_pskc():
    write("pskc-plain.xml", container(
        token("T-1", "hotp", plain(ASCII20), "<Counter><PlainValue>42</PlainValue></Counter>")
        + token("T-2", "totp", plain(ASCII32), "<Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>60</PlainValue></TimeInterval>", "8", "HMAC-SHA256")
        + token("T-3", "ocra", plain(ASCII20))
        + token("T-4", "totp", plain(ASCII20), digits="7")
        + token("T-5 &amp; &#x63;o", "totp", "<PlainValue><![CDATA[" + b64(ASCII20) + "]]></PlainValue>")))
    key, mac_key = bytes(range(32)), bytes(range(100, 132))
    keys = (key, mac_key, hashlib.sha256)
    body = (token("E-1", "totp", sealed_value(keys, 1, ASCII32), "<TimeInterval><PlainValue>30</PlainValue></TimeInterval>", "8", "HMAC-SHA256")
            + token("E-2", "hotp", sealed_value(keys, 2, ASCII20), f"<Counter>{sealed_value(keys, 3, struct.pack('>Q', 7))}</Counter>")
            + token("E-3", "totp", sealed_value(keys, 4, ASCII20, spoil=True)))
    write("pskc-aes256.xml", container(preshared("Key &#65;") + mac_method(keys, SHA256) + body))
    write("pskc-no-mac.xml", container(preshared("Key A") + body))
    write("pskc-value-without-mac.xml", container(preshared("Key A") + mac_method(keys, SHA256)
          + token("E-1", "totp", sealed_value(keys, 1, ASCII32).split("<ValueMAC>")[0]) + token("E-2", "totp", sealed_value(keys, 5, ASCII20))))
    keys = (key[:24], mac_key, hashlib.sha1)
    write("pskc-aes192.xml", container(preshared("B") + mac_method(keys, SHA1) + token("E-1", "totp", sealed_value(keys, 1, ASCII20))))
    # Without a MACKey, the encryption key serves (RFC 6030 section 6.1.1).
    keys = (key[:16], key[:16], hashlib.sha1)
    write("pskc-no-mac-key.xml", container(preshared("C") + f'<MACMethod Algorithm="{SHA1}"/>' + token("E-1", "totp", sealed_value(keys, 1, ASCII20))))
    salt = b"0123456789abcdef"
    derived = hashlib.pbkdf2_hmac("sha256", "pâté & 7".encode(), salt, 20000, 32)
    keys = (derived, mac_key, hashlib.sha256)
    prf = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
    token_ = token("P-1", "totp", sealed_value(keys, 1, ASCII20))
    write("pskc-passphrase.xml", container(pbkdf2(salt, 20000, 32, prf) + mac_method(keys, SHA256) + token_))
    for name, parameters in [("many-rounds", (salt, 1000001, 32)), ("few-rounds", (salt, 999, 32)), ("short-salt", (salt[:7], 20000, 32)),
                             ("odd-length", (salt, 20000, 20)), ("endless-rounds", (salt, 99999999999, 32))]:
        write(f"pskc-{name}.xml", container(pbkdf2(*parameters) + mac_method(keys, SHA256) + token_))
    bomb = "<!DOCTYPE KeyContainer [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {name} '{'&' + before + ';' * 1}{('&' + before + ';') * 9}'>" for before, name in zip("abcdefgh", "bcdefghi")) + "]>\n"
    write("pskc-bomb.xml", container(token("&i;", "totp", plain(ASCII20)), bomb))
    external = '<!DOCTYPE KeyContainer [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
    write("pskc-external-entity.xml", container(token("&x;", "totp", plain(ASCII20)), external))
    write("pskc-unknown-entity.xml", container(token("&x;", "totp", plain(ASCII20))))
    write("pskc-deep.xml", container("<a>" * 5000 + "</a>" * 5000))
    write("pskc-unclosed.xml", container(token("T-1", "totp", plain(ASCII20)))[:-30])
    write("pskc-other-namespace.xml", container(token("T-1", "totp", plain(ASCII20)), spaces='xmlns="urn:example"'))
    write("pskc-empty.xml", container(""))


# Links, migration codes, pictures


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def account(secret, name, issuer, algorithm=1, digits=1, kind=2, counter=None):
    message = field(1, secret) + field(2, name) + field(3, issuer) + field(4, algorithm) + field(5, digits) + field(6, kind)
    return message + (field(7, counter) if counter is not None else b"") + field(8, "an-id-that-is-new")


def migration(accounts, index, size, batch=-1234567):
    message = b"".join(field(1, one) for one in accounts) + field(2, 1) + field(3, size) + field(4, index) + field(5, batch)
    return "otpauth-migration://offline?data=" + urllib.parse.quote(b64(message), safe="")


def qr(text):
    return subprocess.run(["qrencode", "-o", "-", "-s", "6", "-l", "L", text], check=True, capture_output=True).stdout


def write_links():
    secret = b32(ASCII20)
    write("links.txt", "\n".join([
        "# Ente and others write one link a line",
        f"otpauth://totp/ACME%20Co:ana%40example.org?secret={secret}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30",
        f"otpauth://totp/me+work@example.org?secret={secret.lower()[:4]}%20{secret.lower()[4:]}&issuer=A+B",
        f"OTPAUTH://HOTP/Old:bo?SECRET={secret}&counter=9&digits=8",
        f"otpauth://totp/Zo%C3%AB:z?secret={b32(ASCII32)}%3D%3D%3D%3D&algorithm=SHA512&period=60&codeDisplay=%7B%7D",
        f"otpauth://steam/Steam:gamer?secret={secret}&issuer=Steam",
        "otpauth://totp/nothing?issuer=X",
        "otpauth://totp/bad?secret=1189!",
        f"otpauth://totp/md5?secret={secret}&algorithm=MD5",
        f"otpauth://totp/slow?secret={secret}&period=0",
        f"otpauth://totp/a%ff?secret={secret}",
        "https://example.org/",
        f"otpauth://totp/First:x?secret={secret}&secret=AAAAAAAA&issuer=Other",
    ]) + "\r\n")
    parts = [migration([account(ASCII20, "Example:ana@example.org", "Example"), account(ASCII32[:10], "bo", "", digits=2)], 0, 3),
             migration([account(ASCII20, "count", "Bank", kind=1, counter=5), account(ASCII20, "old", "M", algorithm=4)], 1, 3),
             migration([account(ASCII32, "long", "SHA", algorithm=3)], 2, 3)]
    write("migration.txt", parts[0] + "\n" + parts[2] + "\n")
    for index, part in enumerate(parts):
        write(f"migration-{index + 1}-of-3.png", qr(part))
    write("migration-cut.txt", parts[0][:-30] + "\n")
    two = Image.new("L", (900, 450), 255)
    for index, part in enumerate(parts[:2]):
        two.paste(Image.open(io.BytesIO(qr(part))).convert("L").resize((420, 420)), (index * 450 + 10, 15))
    data = io.BytesIO()
    two.save(data, "PNG")
    write("migration-two-in-one.png", data.getvalue())
    data = io.BytesIO()
    photo = Image.new("RGB", (1000, 1000), (200, 190, 170))
    photo.paste(Image.open(io.BytesIO(qr(parts[0]))).convert("RGB").resize((600, 600)).rotate(7, fillcolor=(200, 190, 170)), (200, 180))
    photo.save(data, "JPEG", quality=60)
    write("migration-photo.jpg", data.getvalue())
    write("link.png", qr(f"otpauth://totp/ACME:ana@example.org?secret={secret}&issuer=ACME"))
    data = io.BytesIO()
    code = Image.open(io.BytesIO(qr(f"otpauth://totp/clear?secret={secret}"))).convert("L")
    clear = Image.new("RGBA", code.size, (0, 0, 0, 0))
    clear.putalpha(code.point(lambda grey: 255 - grey))
    clear.save(data, "PNG")
    write("link-transparent.png", data.getvalue())
    write("other-code.png", qr("https://example.org/"))
    data = io.BytesIO()
    Image.linear_gradient("L").save(data, "PNG")
    write("no-code.png", data.getvalue())
    # Corner marks of QR codes, side by side: a few hundred bytes, and more ways to join three than can be tried.
    data = io.BytesIO()
    mark, marks = Image.new("1", (7, 7), 0), Image.new("1", (400, 400), 1)
    mark.paste(1, (1, 1, 6, 6))
    mark.paste(0, (2, 2, 5, 5))
    for place in range(1600):
        marks.paste(mark, (place % 40 * 10 + 1, place // 40 * 10 + 1))
    marks.save(data, "PNG")
    write("many-marks.png", data.getvalue())
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    write("huge.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))
    header = struct.pack(">IIBBBBB", 8, 8, 1, 3, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b"\0\0" * 8))
    write("odd-palette.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"PLTE", b"\0" * 4) + rows + chunk(b"IEND", b""))
    write("cut.png", qr("otpauth://totp/x?secret=" + secret)[:300])


# Token tables


def write_tables():
    secret = ASCII20.hex()
    write("tokens.csv", "serial number,secret,type,digits,time step,counter,algorithm,manufacturer,user\n"
          f"T-1,{secret},totp,6,30,,,ACME,ana@example.org\nT-2,{b32(ASCII20)},HOTP,8,,12,SHA-1,ACME,\n"
          f"T-3,{ASCII32.hex().upper()},totp,8,60,,HMAC-SHA-256,,\n,{secret},,,,,,,\nT-5,,totp,,,,,,\nT-6,xyz,totp,,,,,,\n"
          f"T-7,{secret},totp,5,,,,,\nT-8,{secret},mOTP,,,,,,\nT-9,{secret},hotp,,,-1,,,\nT-10,{secret},totp,,7200,,,,\n")
    write("tokens-semicolon.csv", "\ufeffN° de série;Clé secrète;Compteur\r\n" f"\"T;1\";{secret};3\r\n" f"T-2;{secret};\r\n")
    write("tokens-quote.csv", f"serial,secret\nT-1,{secret}\n\"T-2,{secret}\nT-3,{secret}\n")
    write("yubico.csv", "LOGGING START,11.12.13 18:55\n"
          f"OATH-HOTP,11.12.13 18:55,1,ubaa00000001,,{secret},,,0,0,0,6,0,0,0,0,0,0\n"
          "Yubico OTP,11.12.13 16:43,1,cccccccirblh,b321173a2fb8,00112233445566778899aabbccddeeff,,,0,0,0,0,0,0,0,0,0,1\n"
          f"OATH-HOTP,11.12.13 19:01,1,,,{secret},,,0,0,0,8,0,0,0,0,0,0\n")


# Aegis, 2FAS, Ente


def aegis(db, header):
    return json.dumps({"version": 1, "header": header, "db": db}, indent=4)


def write_aegis():
    def one(kind, name, issuer, **info):
        return {"type": kind, "uuid": "01234567-89ab-4def-8123-456789abcdef", "name": name, "issuer": issuer, "note": "", "icon": None, "info": info}
    secret = b32(ASCII20)
    db = {"version": 3, "entries": [
        one("totp", "ana@example.org", "ACME", secret=secret, algo="SHA1", digits=6, period=30),
        one("hotp", "bo", "", secret=secret, algo="SHA256", digits=8, counter=4),
        one("steam", "gamer", "Steam", secret=secret, algo="SHA1", digits=5, period=30),
    ], "groups": []}
    write("aegis-plain.json", aegis(db, {"slots": None, "params": None}))
    master, slot_salt = bytes(range(32)), bytes(range(32, 64))

    def gcm(key, nonce, data):
        sealed = AESGCM(key).encrypt(nonce, data, None)
        return sealed[:-16], {"nonce": nonce.hex(), "tag": sealed[-16:].hex()}

    def slot(password, n):
        wrapped, params = gcm(hashlib.scrypt(password.encode(), salt=slot_salt, n=n, r=8, p=1, maxmem=1 << 28, dklen=32), b"n" * 12, master)
        return {"type": 1, "uuid": "x", "key": wrapped.hex(), "key_params": params, "n": n, "r": 8, "p": 1, "salt": slot_salt.hex(), "repaired": True}
    sealed, params = gcm(master, b"m" * 12, json.dumps(db).encode())
    biometric = {"type": 2, "uuid": "y", "key": "00" * 32, "key_params": {"nonce": "00" * 12, "tag": "00" * 16}}
    slots = [biometric, slot("another", 1024), slot("correct horse", 32768)]
    write("aegis-encrypted.json", aegis(b64(sealed), {"slots": slots, "params": params}))
    write("aegis-only-biometric.json", aegis(b64(sealed), {"slots": [biometric], "params": params}))
    for name, change in [("huge-scrypt", {"n": 1 << 24}), ("odd-scrypt", {"n": 30000}), ("wide-scrypt", {"r": 1 << 20}), ("weak-scrypt", {"n": 2})]:
        write(f"aegis-{name}.json", aegis(b64(sealed), {"slots": [slots[2] | change], "params": params}))
    changed = bytearray(sealed)
    changed[9] ^= 1
    write("aegis-changed.json", aegis(b64(changed), {"slots": slots, "params": params}))
    write("aegis-version.json", aegis(db, {"slots": None, "params": None}).replace('"version": 1', '"version": 2'))
    write("aegis-cut.json", aegis(db, {"slots": None, "params": None})[:-200])


def write_two_fas():
    def one(name, kind="TOTP", **otp):
        return {"name": name, "secret": b32(ASCII20), "updatedAt": 1704874073731, "order": {"position": 0},
                "otp": {"source": "Link", "tokenType": kind, "digits": 6, "period": 30, "algorithm": "SHA1"} | otp}
    services = [one("ACME", account="ana@example.org", issuer="ACME Co"), one("Plain", label=""), one("Bank", "HOTP", counter=3, account="bo"),
                one("Steam", "STEAM", digits=5)]
    backup = {"services": services, "groups": [], "updatedAt": 1, "schemaVersion": 4, "appVersionCode": 5000012, "appVersionName": "5.0.0", "appOrigin": "android"}
    write("2fas-plain.2fas", json.dumps(backup))
    salt, nonce = bytes(range(256)), b"2fas-nonce-0"
    key = hashlib.pbkdf2_hmac("sha256", b"example.com", salt, 10000, 32)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(services).encode(), None)
    parts = ":".join(map(b64, [sealed, salt, nonce]))
    write("2fas-encrypted.2fas", json.dumps(backup | {"services": [], "servicesEncrypted": parts, "reference": parts}))
    write("2fas-short.2fas", json.dumps(backup | {"services": [], "servicesEncrypted": ":".join(map(b64, [sealed, salt]))}))


def write_ente():
    links = f"otpauth://totp/ACME:ana@example.org?secret={b32(ASCII20)}&issuer=ACME\notpauth://totp/Other:bo?secret={b32(ASCII32)}&issuer=Other&algorithm=SHA256\n"
    salt, header = b"ente-salt-16byte", b"24 bytes of one header.."
    memory, rounds = 64 * 1024 * 1024, 4
    key = pwhash.argon2id.kdf(32, "ente passphrase".encode(), salt, rounds, memory)

    # libsodium draws the header itself; a pull state made of ours is a push state too, for both start alike.
    def seal(data, tag):
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        return bindings.crypto_secretstream_xchacha20poly1305_push(state, data.encode(), None, tag)

    def export(data, **kdf):
        return json.dumps({"version": 1, "kdfParams": {"memLimit": memory, "opsLimit": rounds, "salt": b64(salt)} | kdf,
                           "encryptedData": b64(data), "encryptionNonce": b64(header)}, indent=2)
    final = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    sealed = seal(links, final)
    write("ente-encrypted.txt", export(sealed))
    write("ente-not-final.txt", export(seal(links, bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)))
    write("ente-huge-memory.txt", export(sealed, memLimit=1 << 40))
    write("ente-many-rounds.txt", export(sealed, opsLimit=1 << 20))
    write("ente-no-memory.txt", export(sealed, memLimit=0))


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for step in (write_pskc, write_links, write_tables, write_aegis, write_two_fas, write_ente):
        step()
