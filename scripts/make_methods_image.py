#!/usr/bin/env python3
"""Puts results of 'interp-cli saliency' side by side into one image: a row for each photo, a column for each method.

    scripts/interp-cli saliency Cli/photos/*.png Cli/photos/*.jpg --method METHOD,... --out out
    scripts/make_methods_image.py out METHOD,... Cli/photos/explained/methods.png

Needs Pillow. Overlays are shown where colours are values of a map, heat maps where a map is one of gradients.
"""
import sys
from pathlib import Path

from PIL import Image, ImageDraw

CELL, TITLE = 150, 18
GRADIENTS = {"vanilla", "guided", "deconvnet", "smoothgrad", "guided-gradcam", "integrated-gradients"}


def main(folder, methods, target):
    methods = methods.split(",")
    photos = sorted(p.parent for p in Path(folder).glob("*/input.png"))
    sheet = Image.new("RGB", (CELL * (len(methods) + 1), TITLE + CELL * len(photos)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, name in enumerate(["input", *methods]):
        draw.text((column * CELL + 4, 3), name, fill="black")
        for row, photo in enumerate(photos):
            path = photo / "input.png" if column == 0 else photo / name / ("heatmap.png" if name in GRADIENTS else "overlay.png")
            image = Image.open(path).convert("RGB").resize((CELL - 4, CELL - 4), Image.LANCZOS)
            sheet.paste(image, (column * CELL + 2, TITLE + row * CELL + 2))
    sheet.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
