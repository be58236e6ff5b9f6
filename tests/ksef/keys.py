"""The fake ministry's key, and certificates that are made on the spot."""

import base64
import functools
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import padding as block_padding
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import NameOID
from lxml import etree

_OAEP = padding.OAEP(
    mgf=padding.MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None
)
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


@functools.cache
def own_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key, name):
    """A certificate of a key that has signed it itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )


def decrypt_key(text):
    return own_key().decrypt(base64.b64decode(text), _OAEP)


def decrypt(content, key, iv):
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    padded = decryptor.update(content) + decryptor.finalize()
    unpadder = block_padding.PKCS7(128).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def is_signed(root):
    """Has the owner of the certificate in this XML signed what it says it has?"""
    info = root.find(f".//{_SIGNATURE}SignedInfo")
    value = root.findtext(f".//{_SIGNATURE}SignatureValue")
    der = base64.b64decode(root.findtext(f".//{_SIGNATURE}X509Certificate"))
    public_key = x509.load_der_x509_certificate(der).public_key()
    signed = etree.tostring(info, method="c14n", exclusive=True, with_comments=False)
    signature = base64.b64decode(value)
    try:
        if isinstance(public_key, rsa.RSAPublicKey):
            public_key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            half = len(signature) // 2
            numbers = (
                int.from_bytes(part, "big")
                for part in (signature[:half], signature[half:])
            )
            public_key.verify(
                encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256())
            )
    except InvalidSignature:
        return False
    return True
