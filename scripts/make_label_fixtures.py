#!/usr/bin/env python3
"""PNG masks of every colour type, depth and interlacing, and the fills of COCO's own code, for the tests of label sets.

The masks are written here, since no library writes all kinds; what Pillow reads without changing it (everything but 16-bit
colours) must be what was written. The fills are those of COCO's maskApi.c, as a shared library made of that file:

    cc -O2 -shared -fPIC -o mask.so maskApi.c -lm      # github.com/cocodataset/cocoapi, common/maskApi.c
    scripts/make_label_fixtures.py mask.so Tests/Fixtures/labels

With a third argument, a folder with COCO128's semantic masks, it also counts their pixels with Pillow (coco128.tsv).
Needs python3-numpy and python3-pil.
"""
import ctypes
import hashlib
import io
import os
import struct
import sys
import zlib

import numpy as np
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def packed(row, bits):
    """A row of samples as bytes."""
    if bits == 16:
        return row.astype(">u2").tobytes()
    if bits == 8:
        return row.astype(np.uint8).tobytes()
    text = "".join(format(int(v), f"0{bits}b") for v in row)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def paeth(a, b, c):
    p = a + b - c
    return min(((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c)))[2]


def filtered(rows, step, first):
    """Rows with their filter bytes, the filters in turn."""
    out, above = b"", bytes(len(rows[0]))
    for y, row in enumerate(rows):
        kind = (y + first) % 5
        coded = bytearray()
        for i, v in enumerate(row):
            left, up, corner = (row[i - step] if i >= step else 0), above[i], (above[i - step] if i >= step else 0)
            guess = [0, left, up, (left + up) // 2, paeth(left, up, corner)][kind]
            coded.append((v - guess) & 255)
        out += bytes([kind]) + bytes(coded)
        above = row
    return out


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(samples, bits, color, interlace, palette):
    height, width, channels = samples.shape
    step, data = max(1, bits * channels // 8), b""
    for n, (x, y, dx, dy) in enumerate(ADAM7 if interlace else [(0, 0, 1, 1)]):
        part = samples[y::dy, x::dx]
        if part.size:
            data += filtered([packed(row.reshape(-1), bits) for row in part], step, n)
    body = zlib.compress(data, 9)
    cut = len(body) // 2
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, interlace))
            + (chunk(b"PLTE", palette) if color == 3 else b"")
            + chunk(b"IDAT", body[:cut]) + chunk(b"IDAT", body[cut:]) + chunk(b"IEND", b""))


def masks(folder):
    random = np.random.default_rng(24)
    lines = ["# scripts/make_label_fixtures.py; samples: SHA-256 of the values as little-endian 16-bit numbers",
             "file\twidth\theight\tchannels\tbits\tsamples"]
    kinds = [(0, b) for b in (1, 2, 4, 8, 16)] + [(3, b) for b in (1, 2, 4, 8)] + [(c, b) for c in (2, 4, 6) for b in (8, 16)]
    for color, bits in kinds:
        for interlace in (0, 1):
            for width, height in ((13, 11), (1, 3)):
                samples = random.integers(0, 1 << bits, (height, width, CHANNELS[color]), dtype=np.int64)
                palette = random.integers(0, 256, 3 << bits if bits < 16 else 0, dtype=np.uint8).tobytes()
                name = f"c{color}b{bits}i{interlace}-{width}x{height}.png"
                data = png(samples, bits, color, interlace, palette)
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
                image = Image.open(io.BytesIO(data))
                seen = np.array(image).astype(np.int64).reshape(height, width, -1)
                if bits < 16 or color == 0:
                    full = {1: 255, 2: 85, 4: 17}.get(bits, 1) if color == 0 and image.mode == "L" else 1
                    assert (seen == samples * full).all(), name
                digest = hashlib.sha256(samples.astype("<u2").tobytes()).hexdigest()
                lines.append(f"{name}\t{width}\t{height}\t{CHANNELS[color]}\t{bits}\t{digest}")
    write(folder, "samples.tsv", lines)


class Runs(ctypes.Structure):
    _fields_ = [("h", ctypes.c_ulong), ("w", ctypes.c_ulong), ("m", ctypes.c_ulong), ("counts", ctypes.POINTER(ctypes.c_uint))]


def polygons():
    random = np.random.default_rng(7)
    yield 7, 9, [[1, 1, 5, 1, 5, 4, 1, 4]]
    yield 7, 9, [[0, 0, 9, 0, 9, 7, 0, 7]]
    yield 7, 9, [[-3, -2, 20, -2, 20, 30, -3, 30]]
    yield 7, 9, [[2.5, 2.5, 6.5, 2.5, 6.5, 5.5]]
    yield 7, 9, [[3, 3, 3, 3, 3, 3]]
    yield 5, 5, [[0, 0, 5, 5, 5, 0, 0, 5]]
    yield 12, 12, [[1, 1, 11, 1, 11, 11, 1, 11, 1, 1, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4]]
    for n in range(60):
        height, width = (int(v) for v in random.integers(3, 60, 2))
        points = random.uniform(-4, 64, (int(random.integers(3, 12)), 2))
        if n % 3 == 0:
            points = np.round(points)
        elif n % 3 == 1:
            points = np.round(points, 2)
        yield height, width, [[float(v) for v in points.reshape(-1)]]


def fills(folder, library):
    api = ctypes.CDLL(os.path.abspath(library))
    api.rleToString.restype = ctypes.c_char_p
    lines = ["# scripts/make_label_fixtures.py; runs and counts of rleFrPoly and rleToString",
             "height\twidth\tvertices\truns\tcounts"]
    for height, width, outlines in polygons():
        (xy,) = outlines
        runs = Runs()
        api.rleFrPoly(ctypes.byref(runs), (ctypes.c_double * len(xy))(*xy), ctypes.c_ulong(len(xy) // 2),
                      ctypes.c_ulong(height), ctypes.c_ulong(width))
        counts = [runs.counts[i] for i in range(runs.m)]
        assert sum(counts) == height * width
        text = api.rleToString(ctypes.byref(runs)).decode("ascii")
        lines.append(f"{height}\t{width}\t{' '.join(repr(v) for v in xy)}\t{' '.join(map(str, counts))}\t{text}")
    write(folder, "fills.tsv", lines)


def counts(folder, root):
    names, pixels, images = {}, {}, {}
    with open(os.path.join(root, "semantic_segmentation", "config.yaml"), encoding="utf-8") as file:
        for line in file.read().split("classes:\n")[1].splitlines():
            number, name = line.strip().split(": ")
            names[int(number)] = name
    for split in ("train2017", "val2017"):
        masks = os.path.join(root, "semantic_segmentation", "masks", split)
        for name in sorted(os.listdir(masks)):
            for value, count in zip(*np.unique(np.array(Image.open(os.path.join(masks, name))), return_counts=True)):
                pixels[int(value)] = pixels.get(int(value), 0) + int(count)
                images[int(value)] = images.get(int(value), 0) + 1
    lines = ["# scripts/make_label_fixtures.py; what Pillow counts in the 200 masks of COCO128", "concept\timages\tpixels"]
    lines += [f"\t200\t{pixels[0]}"] + [f"{names[v]}\t{images.get(v, 0)}\t{pixels.get(v, 0)}" for v in sorted(names) if v]
    write(folder, "coco128.tsv", lines)


def write(folder, name, lines):
    with open(os.path.join(folder, name), "w", encoding="ascii", newline="\n") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    library, folder, *data = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    masks(folder)
    fills(folder, library)
    for root in data:
        counts(folder, root)
