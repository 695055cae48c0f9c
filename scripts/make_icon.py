#!/usr/bin/env python3
"""Draws the packages' icon: a heat map that looks back.

    scripts/make_icon.py Packages/icon.png

Needs Pillow and NumPy.
"""
import sys

import numpy
from PIL import Image, ImageDraw

SIZE, SCALE = 128, 4
COLORS = numpy.array([(24, 22, 62), (92, 20, 110), (187, 55, 84), (249, 142, 9), (252, 255, 164)], float)  # dark to bright: inferno's


def main(target):
    size = SIZE * SCALE
    y, x = (numpy.mgrid[0:size, 0:size] + 0.5) / size * 2 - 1
    # An eye's outline: where two circles overlap. Heat falls off from its middle.
    radius, offset = 1.02, 0.52
    eye = (x**2 + (y - offset) ** 2 < radius**2) & (x**2 + (y + offset) ** 2 < radius**2)
    heat = numpy.clip(numpy.exp(-((x / 0.5) ** 2 + (y / 0.42) ** 2)) * 1.15, 0, 1) * (len(COLORS) - 1)
    low = numpy.minimum(heat.astype(int), len(COLORS) - 2)
    part = (heat - low)[..., None]
    pixels = COLORS[low] * (1 - part) + COLORS[low + 1] * part
    pixels[~eye] = COLORS[0]
    pixels[x**2 + y**2 < 0.17**2] = COLORS[0]

    mask = Image.new("L", (size, size))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size - 1, size - 1), radius=size // 6, fill=255)
    icon = Image.fromarray(pixels.round().astype("uint8")).convert("RGBA")
    icon.putalpha(mask)
    icon.resize((SIZE, SIZE), Image.LANCZOS).save(target, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
