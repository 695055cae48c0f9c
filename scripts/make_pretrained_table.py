#!/usr/bin/python3
"""Makes Weights/Resources/pretrained.tsv, the table of torchvision's weight files, from torchvision itself (0.14.1).

Of each file: the function that builds its network, the weights' name, whether they are the default of that function, the file's name with
the first digits of its SHA-256, its preprocessing (empty: shorter side 256, middle 224, bilinear, ImageNet's mean and deviation), top-1
accuracy on ImageNet (empty: no classifier) and the number of parameters. Eight files of EfficientNet have other names and hashes since
torchvision 0.15 (github.com/pytorch/vision/issues/7744); the earlier ones stand in the last column.

    scripts/make_pretrained_table.py
"""
import inspect
import math
import pathlib
import re

import torchvision.models
from torchvision.models._api import WeightsEnum

OUT = pathlib.Path(__file__).resolve().parent.parent / "Weights" / "Resources" / "pretrained.tsv"
COLUMNS = "architecture variant default file resize crop interpolation mean deviation top1 parameters formerly".split()
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
RENAMED = {
    "efficientnet_b0_rwightman-3dd342df.pth": "efficientnet_b0_rwightman-7f5810bc.pth",
    "efficientnet_b1_rwightman-533bc792.pth": "efficientnet_b1_rwightman-bac287d4.pth",
    "efficientnet_b2_rwightman-bcdf34b7.pth": "efficientnet_b2_rwightman-c35c1473.pth",
    "efficientnet_b3_rwightman-cf984f9c.pth": "efficientnet_b3_rwightman-b3899882.pth",
    "efficientnet_b4_rwightman-7eb33cd5.pth": "efficientnet_b4_rwightman-23ab8bcd.pth",
    "efficientnet_b5_lukemelas-b6417697.pth": "efficientnet_b5_lukemelas-1a07897c.pth",
    "efficientnet_b6_lukemelas-c76e70fd.pth": "efficientnet_b6_lukemelas-24a108a5.pth",
    "efficientnet_b7_lukemelas-dcc49843.pth": "efficientnet_b7_lukemelas-c5b4e57e.pth",
}


def builders():
    """The enumeration of weights that each function of torchvision.models takes, by the function's name."""
    for name, function in inspect.getmembers(torchvision.models, inspect.isfunction):
        for parameter in inspect.signature(function).parameters.values():
            kind = re.search(r"torchvision\.models\.[\w.]*?(\w+_Weights)\b", str(parameter.annotation))
            if parameter.name == "weights" and kind:
                yield name, getattr(torchvision.models, kind.group(1))


def natural(text):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def row(architecture, weights):
    transforms, file = weights.transforms(), weights.url.rsplit("/", 1)[1]
    assert weights.url == f"https://download.pytorch.org/models/{file}", weights.url
    (resize,), (crop,) = transforms.resize_size, transforms.crop_size
    top1 = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    cells = [
        architecture,
        weights.name,
        "yes" if weights is type(weights).DEFAULT else "",
        RENAMED.get(file, file),
        "" if resize == 256 else resize,
        "" if crop == 224 else crop,
        "" if transforms.interpolation.value == "bilinear" else transforms.interpolation.value,
        "" if list(transforms.mean) == MEAN else " ".join(map(repr, transforms.mean)),
        "" if list(transforms.std) == DEVIATION else " ".join(map(repr, transforms.std)),
        "" if math.isnan(top1) else top1,
        weights.meta["num_params"],
        file if file in RENAMED else "",
    ]
    return "\t".join(map(str, cells))


if __name__ == "__main__":
    entries = [(name, weights) for name, kind in builders() if issubclass(kind, WeightsEnum) for weights in kind]
    entries.sort(key=lambda e: (natural(e[0]), e[1] is not type(e[1]).DEFAULT, e[1].name))
    OUT.write_text("\n".join(["\t".join(COLUMNS), *(row(*e) for e in entries)]) + "\n")
    print(f"{len(entries)} weight files of {len({name for name, _ in entries})} networks in {OUT}")
