"""Photos as phones make them: a picture drawn for the tests, with what a camera says of it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures" / "photos"
SECRET = b"35.6812 139.7671 of a home"
"""What no copy may hold."""

XMP = b"http://ns.adobe.com/xap/1.0/\x00<exif:GPSLatitude>" + SECRET


def larva(ending: str = "jpg") -> bytes:
    """A picture of sixteen by eight pixels, with nothing beside it."""
    return (FIXTURES / f"larva.{ending}").read_bytes()


def exif(*, turned: int = 6, located: bool = True, order: str = ">") -> bytes:
    """Camera data with an orientation, and a pointer to a place."""
    entries = [(0x010F, 2, 4, 0), (0x0112, 3, 1, turned)] + [(0x8825, 4, 1, 0)] * located
    head = b"MM\x00*" if order == ">" else b"II*\x00"
    made = head + struct.pack(f"{order}IH", 8, len(entries))
    for tag, kind, count, value in entries:
        made += struct.pack(f"{order}HHIHH", tag, kind, count, value, 0)
    return made + struct.pack(f"{order}I", 0) + SECRET


def phone_photo(camera: bytes | None = None) -> bytes:
    """A JPEG with camera data, a comment, and a film behind the picture, as phones add one."""
    picture, camera = larva(), exif() if camera is None else camera

    def segment(marker: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content

    beside = segment(0xE1, b"Exif\x00\x00" + camera) + segment(0xED, SECRET) + segment(0xFE, SECRET)
    return picture[:2] + beside + picture[2:] + b"ftypmp42" + SECRET


def screenshot() -> bytes:
    """A PNG that says where it was taken."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    picture = larva("png")
    beside = chunk(b"eXIf", exif()) + chunk(b"tEXt", b"Comment\x00" + SECRET) + chunk(b"iTXt", XMP)
    return picture[:33] + beside + picture[33:] + SECRET


def web_photo() -> bytes:
    """A WebP that says where it was taken."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)

    picture = larva("webp")[12:]
    if picture[:4] == b"VP8X":
        picture = picture[18:]
    size = (15).to_bytes(3, "little") + (7).to_bytes(3, "little")
    body = b"WEBP" + chunk(b"VP8X", b"\x0c\x00\x00\x00" + size) + picture
    body += chunk(b"EXIF", exif(order="<")) + chunk(b"XMP ", XMP)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(name: bytes, content: bytes = b"") -> bytes:
    """A box of a photo or film (ISO/IEC 14496-12)."""
    return struct.pack(">I4s", 8 + len(content), name) + content


def heic() -> bytes:
    """A photo as an iPhone keeps it: what it is, what it says, and the picture."""
    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    return head + box(b"meta", bytes(4) + b"Exif\x00\x00" + exif()) + box(b"mdat", bytes(64))


def film(brand: bytes = b"qt  ", *, located: bool = True, seconds: int = 1) -> bytes:
    """A clip as a phone makes it: iPhones write ``qt``, others ``mp42`` or ``isom``, with its place."""
    place = box(b"\xa9xyz", b"\x00\x12\x15\xc7" + SECRET) if located else b""
    words = box(b"moov", box(b"mvhd", bytes(100)) + box(b"udta", place))
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"wide") + box(b"mdat", bytes(seconds * 256)) + words


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
