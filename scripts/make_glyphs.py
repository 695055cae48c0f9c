#!/usr/bin/env python3
"""Makes Cli/Charts/Font/glyphs.txt: the outlines of the letters that charts are labelled with, from Debian's DejaVu Sans.

    apt-get install fonts-dejavu-core python3-fonttools
    scripts/make_glyphs.py [DejaVuSans.ttf]

A line is a code point in hexadecimal, the advance and the contours, in 1/2048 of the font's size, y upwards: a contour is a list of
points x,y, those off the curve (of quadratic Béziers, as TrueType has them) with a *. The first line, of code point 0, is what stands for all other letters.
"""
import pathlib
import sys

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3A9), (0x3B1, 0x3C9), (0x410, 0x44F)]
SIGNS = "–—‘’“”…†•′″₀₁₂₃₄₅₆₇₈₉⁻⁴←↑→↓↛−∑√∞≈≠≤≥∂Δ∩∪Ёё"


def contours(font, name):
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    for operator, points in pen.value:
        if operator == "moveTo":
            contour = [f"{points[0][0]},{points[0][1]}"]
        elif operator == "lineTo":
            contour.append(f"{points[0][0]},{points[0][1]}")
        elif operator == "qCurveTo":
            if points[-1] is None:  # a contour without a point on the curve
                contour = [f"{x},{y}*" for x, y in points[:-1]]
            else:
                contour += [f"{x},{y}*" for x, y in points[:-1]] + [f"{points[-1][0]},{points[-1][1]}"]
        elif operator == "closePath":
            yield " ".join(contour)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    font = TTFont(path)
    assert font["head"].unitsPerEm == 2048
    names = font.getBestCmap()
    lines = []
    points = sorted({c for first, last in RANGES for c in range(first, last + 1)} | {ord(c) for c in SIGNS})
    for code, name in [(0, ".notdef")] + [(c, names[c]) for c in points if c in names]:
        lines.append("\t".join([f"{code:X}", str(font["hmtx"][name][0]), ";".join(contours(font, name))]))
    out = pathlib.Path(__file__).parent.parent / "Cli/Charts/Font/glyphs.txt"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} glyphs, {out.stat().st_size} bytes")


main()
