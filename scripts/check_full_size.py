#!/usr/bin/python3
"""Compares the relevance methods with PyTorch's float64 on a whole VGG16 or VGG19 of random weights, at 224x224.

    scripts/check_full_size.py 16|19 PHOTO

Makes the weights, converts them, explains the photo's top class with `interp-cli saliency`, computes the same with the definitions of
scripts/goldens/relevance.py, and prints the relative L2 difference of each map. Takes some minutes and about 10 GB of memory.
Needs PyTorch and NumPy (Debian's python3-torch and python3-numpy will do).
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/goldens"))
import relevance  # noqa: E402

PLANS = {
    16: [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
    19: [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
}
MAPS = {"lrp": "lrp-epsilon-gamma-box", "deep-taylor": "deep-taylor", "deeplift": "deeplift-black", "excitation-backprop": "excitation"}


def interp(*arguments):
    return subprocess.run([ROOT / "scripts/interp-cli", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def photo_tensor(path):
    from PIL import Image
    image = Image.open(path).convert("RGB").resize((224, 224))
    x = (np.asarray(image, np.float32) / 255 - np.float32(relevance.MEAN)) / np.float32(relevance.DEVIATION)
    return np.ascontiguousarray(x.transpose(2, 0, 1), np.float32)


def main():
    depth, photo = int(sys.argv[1]), sys.argv[2]
    torch.manual_seed(depth)
    model = relevance.Vgg(PLANS[depth], pool=7, hidden=4096, classes=1000).eval()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.kaiming_normal_(parameter, nonlinearity="relu")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        torch.save(model.state_dict(), folder / "weights.pth")
        x = photo_tensor(photo)
        np.save(folder / "photo.npy", x)
        interp("convert", str(folder / "weights.pth"), "--out", str(folder / "model"))
        interp("saliency", str(folder / "photo.npy"), "--model", str(folder / "model"), "--method", ",".join(MAPS), "--out", str(folder / "out"))
        top = json.loads((folder / "out/photo/lrp/manifest.json").read_text())["class"]
        exact, logits, middle, _ = relevance.attributions(
            model.double().requires_grad_(False), torch.from_numpy(x)[None].double(), top, ["epsilon-gamma-box"])
        print(f"VGG{depth}, class {top}, logit {logits[0, top]:.4f}, PyTorch's top class {int(logits.argmax())}, excitation at {middle}")
        for method, name in MAPS.items():
            file = "cam.npy" if method == "excitation-backprop" else "attribution.npy"
            found = np.load(folder / "out/photo" / method / file)
            manifest = json.loads((folder / "out/photo" / method / "manifest.json").read_text())
            print(f"  {method}: relative L2 {relevance.relative(exact[name].reshape(found.shape), torch.from_numpy(found)):.1e}, {manifest['time_ms'] / 1000:.2f} s")


if __name__ == "__main__":
    main()
