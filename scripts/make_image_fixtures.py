#!/usr/bin/python3
"""Makes Tests/Fixtures/images: small images of every supported kind, and what Pillow (9.4) makes of them.

For each image NAME.EXT there is NAME.EXT.expected.png: Pillow's image, upright, as RGB, resized so that the shorter side is 32
(bilinear) and cropped to 28x28 in the middle with torchvision's rounding. preprocessed.npy is large.png resized to 40, cropped to 32 and
normalised with NumPy's float32 arithmetic (what torchvision computes). resized/ holds an image of noise, what Pillow makes of it at other
sizes, and large.png as preparations with other filters and proportions have it. restarts.jpg needs --jpegtran, the program of libjpeg-turbo.
colormaps.png holds matplotlib's tables of 256 colours, one row a map, if --colormaps names matplotlib's _cm_listed.py. photos.json holds
7x7 block means of Pillow's 224x224 crops of the photos in the folder that --photos names.

    scripts/make_image_fixtures.py [--jpegtran PROGRAM] [--colormaps FILE] [--photos DIR]
"""
import argparse
import io
import json
import pathlib
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image, ImageOps

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures" / "images"
ORIENTATION = 0x0112


def scene(width, height):
    """Smooth colours with edges and a few flat parts, different in every corner; noise would only make the files large."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    red = 40 + 200 * u
    green = 128 + 100 * np.sin(6 * u + 4 * v)
    blue = 230 - 180 * v
    image = np.stack([red, green, blue], axis=-1)
    image[(u - 0.3) ** 2 + (v - 0.35) ** 2 < 0.04] = (250, 220, 30)
    image[(abs(u - 0.75) < 0.12) & (abs(v - 0.7) < 0.15)] = (20, 40, 90)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def resize_and_crop(image, shorter, crop, filter=Image.BILINEAR, stretch=False):
    """torchvision's Resize(shorter), or Resize to the crop's proportions with the longer side given, and CenterCrop(crop)."""
    w, h = image.size
    height, width = crop if isinstance(crop, tuple) else (crop, crop)
    if stretch:
        longer = max(height, width)
        size = (int(np.rint(width * shorter / longer)), int(np.rint(height * shorter / longer)))
    elif w <= h:
        size = (shorter, int(shorter * h / w))
    else:
        size = (int(shorter * w / h), shorter)
    resized = image.resize(size, filter)
    left, top = int(round((size[0] - width) / 2.0)), int(round((size[1] - height) / 2.0))
    return resized.crop((left, top, left + width, top + height))


def write_expected(name, upright):
    resize_and_crop(upright, 32, 28).save(OUT / f"{name}.expected.png", optimize=True)


def save(name, image, expected=None, **options):
    """Saves an image and what Pillow reads from the file (or `expected`, where Pillow's own conversion to RGB is not what we define)."""
    image.save(OUT / name, **options)
    write_expected(name, expected or ImageOps.exif_transpose(Image.open(OUT / name)).convert("RGB"))


def packbits(row):
    """One row of a PSD in literal runs of at most 128 bytes."""
    out = b""
    for start in range(0, len(row), 128):
        part = row[start:start + 128]
        out += bytes([len(part) - 1]) + part
    return out


def write_psd(name, pixels, compressed, mode=3, expected=None):
    """A PSD of 8 or 16 bits, by the type of the pixels, which are [height, width, channels]; Pillow reads only 8."""
    height, width, channels = pixels.shape
    rows = [pixels[y, :, c].tobytes() for c in range(channels) for y in range(height)]
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, height, width, 8 * pixels.itemsize, mode) + struct.pack(">III", 0, 0, 0)
    if compressed:
        packed = [packbits(row) for row in rows]
        body = struct.pack(">H", 1) + b"".join(struct.pack(">H", len(p)) for p in packed) + b"".join(packed)
    else:
        body = struct.pack(">H", 0) + b"".join(rows)
    (OUT / name).write_bytes(header + body)
    write_expected(name, expected or Image.open(OUT / name).convert("RGB"))


def write_tga(name, pixels, descriptor):
    """An RGB TGA whose rows lie as the descriptor says: 0x10 from right to left, 0x20 downwards."""
    height, width, _ = pixels.shape
    stored = pixels[:: 1 if descriptor & 0x20 else -1, :: -1 if descriptor & 0x10 else 1, ::-1]
    (OUT / name).write_bytes(struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, width, height, 24, descriptor) + stored.tobytes())
    write_expected(name, Image.open(OUT / name).convert("RGB"))


def write_late_palette_tga(name, image, first):
    """A TGA with a palette that begins with colour `first`: those before it are not in the file."""
    indices = np.asarray(image) + np.uint8(first)
    palette = np.array(image.getpalette()).reshape(-1, 3).astype(np.uint8)[: int(indices.max()) - first + 1, ::-1]
    header = struct.pack("<BBBHHBHHHHBB", 0, 1, 1, first, len(palette), 24, 0, 0, image.width, image.height, 8, 0x20)
    (OUT / name).write_bytes(header + palette.tobytes() + indices.tobytes())
    write_expected(name, image.convert("RGB"))


def write_long_orientation(name, source):
    """A JPEG whose EXIF orientation 6 is stored as LONG."""
    data = (OUT / source).read_bytes()
    tiff = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, ORIENTATION, 4, 1, 6, 0)
    (OUT / name).write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", 8 + len(tiff)) + b"Exif\0\0" + tiff + data[2:])
    write_expected(name, ImageOps.exif_transpose(Image.open(OUT / name)).convert("RGB"))


def write_png(name, size, depth, interlaced, raw):
    """An RGB PNG of a kind that Pillow reads but does not write; raw holds the rows, each after a zero filter byte."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *size, depth, 2, 0, 0, interlaced)
    (OUT / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))
    write_expected(name, Image.open(OUT / name).convert("RGB"))


def write_16_bit_rgb(name, pixels):
    height, width, _ = pixels.shape
    values = (pixels.astype(np.uint16) << 8 | 0x5A).astype(">u2")
    write_png(name, (width, height), 16, 0, b"".join(b"\0" + values[y].tobytes() for y in range(height)))


def write_interlaced(name, pixels):
    height, width, _ = pixels.shape
    raw = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = pixels[y0::dy, x0::dx]
        raw += b"".join(b"\0" + row.tobytes() for row in part if len(row))
    write_png(name, (width, height), 8, 1, raw)


def write_top_down_bmp(name, image):
    """A BMP with a negative height: its rows go downwards."""
    stored = io.BytesIO()
    image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(stored, "BMP")
    data = bytearray(stored.getvalue())
    data[22:26] = struct.pack("<i", -image.height)
    (OUT / name).write_bytes(data)
    write_expected(name, Image.open(OUT / name).convert("RGB"))


def make_images():
    pixels = scene(61, 43)
    rgb = Image.fromarray(pixels)
    ramp = Image.fromarray(np.tile(np.linspace(0, 255, 61).astype(np.uint8), (43, 1)))

    save("rgb.png", rgb)
    save("grey.png", rgb.convert("L"))
    save("grey-1bit.png", rgb.convert("1"))
    save("grey-alpha.png", Image.merge("LA", (rgb.convert("L"), ramp)))
    save("rgba.png", Image.merge("RGBA", (*rgb.split(), ramp)))
    palette = rgb.quantize(32)
    save("palette.png", palette)
    save("palette-4bit.png", rgb.quantize(16))
    save("palette-transparent.png", palette, transparency=3)
    write_16_bit_rgb("rgb-16bit.png", pixels)
    grey16 = rgb.convert("L")
    # Pillow clips 16-bit grey at 255 on conversion; the high byte is what an image means.
    save("grey-16bit.png", Image.fromarray(np.asarray(grey16).astype(np.uint16) << 8 | 0x3C), expected=grey16.convert("RGB"))
    # What a camera of 12 bits gives when it is stored as it is.
    save("grey-12bit.png", Image.fromarray(np.asarray(grey16).astype(np.uint16) << 4 | 0x3), expected=grey16.point(lambda v: v >> 4).convert("RGB"))
    (OUT / "no-end.png").write_bytes((OUT / "rgb.png").read_bytes()[:-12])
    write_expected("no-end.png", Image.open(OUT / "no-end.png").convert("RGB"))
    write_interlaced("interlaced.png", pixels)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    save("exif.png", rgb, exif=exif)

    save("one.png", Image.fromarray(np.array([[[200, 100, 50]]], dtype=np.uint8)))
    save("wide.png", Image.fromarray(scene(2000, 3)))
    save("tall.png", Image.fromarray(scene(3, 500)))
    save("large.png", Image.fromarray(scene(311, 207)).quantize(64))

    save("baseline-420.jpg", rgb, quality=90, subsampling=2)
    save("baseline-422.jpg", rgb, quality=90, subsampling=1)
    save("baseline-444.jpg", rgb, quality=90, subsampling=0)
    save("progressive.jpg", rgb, quality=90, progressive=True)
    save("grey.jpg", rgb.convert("L"), quality=90)
    save("cmyk.jpg", rgb.convert("CMYK"), quality=90)
    plain = io.BytesIO()
    rgb.convert("CMYK").save(plain, "JPEG", quality=90)
    data = plain.getvalue()
    adobe = data.index(b"\xff\xee")
    (OUT / "cmyk-plain.jpg").write_bytes(data[:adobe] + data[adobe + 16:])
    write_expected("cmyk-plain.jpg", Image.open(OUT / "cmyk-plain.jpg").convert("RGB"))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        save(f"exif-{orientation}.jpg", rgb, quality=90, subsampling=0, exif=exif)

    write_long_orientation("exif-long.jpg", "baseline-444.jpg")

    save("rgb.bmp", rgb)
    save("grey.bmp", rgb.convert("L"))
    write_top_down_bmp("top-down.bmp", rgb)
    save("palette.gif", palette)
    save("animated.gif", palette, save_all=True, append_images=[rgb.rotate(180).quantize(32)], duration=50)
    save("transparent.gif", palette, transparency=int(np.asarray(palette)[20, 20]))
    save("rgb.tga", rgb)
    save("rle.tga", rgb, rle=True)
    save("grey.tga", rgb.convert("L"))
    for name, descriptor in (("top-down", 0x20), ("right-to-left", 0x10), ("right-to-left-top-down", 0x30)):
        write_tga(f"{name}.tga", pixels, descriptor)
    write_late_palette_tga("late-palette.tga", palette, 7)
    write_psd("raw.psd", pixels, compressed=False)
    write_psd("rle.psd", pixels, compressed=True)
    for name, compressed in (("raw", False), ("rle", True)):
        write_psd(f"grey-{name}.psd", np.asarray(rgb.convert("L"))[..., None], compressed, mode=1)
        write_psd(f"alpha-{name}.psd", np.concatenate([pixels, np.asarray(ramp)[..., None]], axis=-1), compressed)
        write_psd(f"16bit-{name}.psd", (pixels.astype(np.uint16) << 8 | 0x5A).astype(">u2"), compressed, expected=rgb)
        write_psd(f"grey-16bit-{name}.psd", (np.asarray(grey16).astype(np.uint16)[..., None] << 8 | 0x3C).astype(">u2"), compressed, mode=1,
                  expected=grey16.convert("RGB"))


def make_restarts(jpegtran):
    """Restart markers after every third unit, which Pillow does not write."""
    name = "restarts.jpg"
    (OUT / name).write_bytes(subprocess.run([jpegtran, "-restart", "3B", OUT / "baseline-420.jpg"], capture_output=True, check=True).stdout)
    write_expected(name, Image.open(OUT / name).convert("RGB"))


def make_tensor():
    crop = resize_and_crop(Image.open(OUT / "large.png").convert("RGB"), 40, 32)
    x = np.asarray(crop).astype(np.float32) / np.float32(255)
    mean = np.array([0.485, 0.456, 0.406], dtype=np.float32)
    deviation = np.array([0.229, 0.224, 0.225], dtype=np.float32)
    np.save(OUT / "preprocessed.npy", np.ascontiguousarray(((x - mean) / deviation).transpose(2, 0, 1)))


def make_resized():
    """Up, down, both, odd ratios, one row, one pixel; black and white noise makes the cubic filter overshoot at both ends."""
    folder = OUT / "resized"
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, (37, 53, 3)) * random.integers(0, 2, (37, 53, 1)) | 255 * random.integers(0, 2, (37, 53, 1))
    source = Image.fromarray(noise.astype(np.uint8))
    source.save(folder / "noise.png", optimize=True)
    for name, filter in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)):
        for size in ((53, 37), (17, 13), (26, 60), (61, 20), (54, 36), (97, 71), (7, 5), (1, 1), (111, 1), (1, 50)):
            source.resize(size, filter).save(folder / f"noise.{name}.{size[0]}x{size[1]}.png", optimize=True)
        for shorter, crop, stretch in ((40, 32, False), (33, 33, False), (40, 32, True), (250, 60, True)):
            image = resize_and_crop(Image.open(OUT / "large.png").convert("RGB"), shorter, crop, filter, stretch)
            image.save(folder / f"large.{name}.{shorter}-{crop}{'-stretch' if stretch else ''}.png", optimize=True)


def make_oblong():
    """Inputs that are no squares, small ones, and grey: large.png as RGB, or first as L."""
    for name, filter in (("bilinear", Image.BILINEAR), ("bicubic", Image.BICUBIC)):
        for shorter, crop, stretch, grey in (
                (38, (33, 30), False, False), (33, (33, 30), True, False), (60, (20, 57), False, False), (80, (20, 57), True, False),
                (28, (28, 28), False, True), (38, (33, 30), False, True), (8, (8, 8), True, True), (5, (1, 5), True, False)):
            image = Image.open(OUT / "large.png").convert("RGB")
            image = resize_and_crop(image.convert("L") if grey else image, shorter, crop, filter, stretch)
            kind = f"{'-stretch' if stretch else ''}{'-grey' if grey else ''}"
            image.save(OUT / "resized" / f"large.{name}.{shorter}-{crop[0]}x{crop[1]}{kind}.png", optimize=True)


def make_colormaps(source):
    names = {"ListedColormap": lambda colors, name=None: colors}
    exec(pathlib.Path(source).read_text().replace("from .colors import ListedColormap", ""), names)
    tables = [np.rint(np.array(names[f"_{name}_data"]) * 255).astype(np.uint8) for name in ("viridis", "inferno")]
    Image.fromarray(np.stack(tables)).save(OUT / "colormaps.png", optimize=True)


def make_photo_digests(folder):
    digests = {}
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in (".jpg", ".png")):
        crop = resize_and_crop(ImageOps.exif_transpose(Image.open(path)).convert("RGB"), 256, 224)
        blocks = np.asarray(crop).astype(np.float64).reshape(7, 32, 7, 32, 3).mean(axis=(1, 3))
        digests[str(path.relative_to(folder))] = [round(float(v), 2) for v in blocks.ravel()]
    (OUT / "photos.json").write_text("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in digests.items()) + "\n}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--colormaps")
    parser.add_argument("--jpegtran")
    parser.add_argument("--photos")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    make_images()
    make_tensor()
    make_resized()
    make_oblong()
    if arguments.colormaps:
        make_colormaps(arguments.colormaps)
    if arguments.jpegtran:
        make_restarts(arguments.jpegtran)
    if arguments.photos:
        make_photo_digests(arguments.photos)
