#!/usr/bin/python3
"""Compares one network of each of torchvision's CNN families with PyTorch's float64, at full size.

    scripts/check_families.py PHOTO [network …]

Gives each network random weights, and batch norms the statistics of the photo, moved at random; saves its state dict, converts it, and compares the
logits of `interp-cli predict` and the gradient of `interp-cli saliency --method vanilla` with float64 and, as a yardstick, PyTorch's own float32 with
float64. Prints the relative L2 differences. A ReLU or a max-pool whose decision hangs on float32 rounding changes a gradient in both. Takes some
minutes and about 4 GB of memory. Needs PyTorch, torchvision and NumPy (Debian's packages will do).
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch
from torch import nn
from torchvision import models
from torchvision.models._api import WeightsEnum

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).resolve().parent.parent
NETWORKS = ["alexnet", "vgg16_bn", "resnet50", "squeezenet1_1", "densenet121", "inception_v3", "googlenet", "shufflenet_v2_x1_0", "mobilenet_v2",
            "mobilenet_v3_large", "mnasnet1_0", "efficientnet_b0", "efficientnet_v2_s", "regnet_y_400mf", "convnext_tiny"]
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def interp(*arguments):
    done = subprocess.run([ROOT / "scripts/interp-cli", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"interp-cli {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def photo_tensor(path, size):
    from PIL import Image
    image = Image.open(path).convert("RGB").resize((size, size))
    x = (np.asarray(image, np.float32) / 255 - np.float32(MEAN)) / np.float32(DEVIATION)
    return torch.from_numpy(np.ascontiguousarray(x.transpose(2, 0, 1), np.float32))


def input_size(name):
    kind = next(k for k in vars(models).values() if isinstance(k, type) and issubclass(k, WeightsEnum) and k is not WeightsEnum
                and k.__name__.lower() == f"{name}_weights")
    return kind.DEFAULT.transforms().crop_size[0]


def build(name, photo):
    torch.manual_seed(sum(map(ord, name)))
    extra = {"transform_input": True, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    model = getattr(models, name)(**extra)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() in (2, 4):
                nn.init.kaiming_normal_(parameter, nonlinearity="relu")
            elif parameter.dim() == 3:
                parameter.uniform_(0.2, 0.6)  # ConvNeXt's layer_scale
        norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
        if norms:
            model.train()
            for norm in norms:
                norm.momentum = 1
                norm.weight.uniform_(0.5, 1.5).mul_(torch.where(torch.rand_like(norm.weight) < 0.25, -1.0, 1.0))
                norm.bias.normal_(0, 0.2)
            model(torch.stack([photo, photo.flip(2)]))
            for norm in norms:
                norm.running_mean += 0.3 * norm.running_var.sqrt() * torch.randn_like(norm.running_mean)
                norm.running_var.clamp_(min=1e-4).mul_(torch.empty_like(norm.running_var).uniform_(0.5, 2))
    return model.eval().requires_grad_(False)


def run(model, x, target=None):
    x = x[None].requires_grad_()
    logits = model(x)
    target = int(logits.argmax()) if target is None else target
    logits[0, target].backward()
    return logits.detach()[0].double().numpy(), x.grad[0].double().numpy(), target


def relative(exact, found):
    return np.linalg.norm((exact - found).ravel()) / np.linalg.norm(exact.ravel())


def check(name, photo_path, folder):
    size = input_size(name)
    photo = photo_tensor(photo_path, size)
    model = build(name, photo)
    torch.save(model.state_dict(), folder / "weights.pth")
    np.save(folder / "photo.npy", photo.numpy())
    interp("convert", folder / "weights.pth", "--out", folder / "model", "--input-size", size)
    interp("predict", folder / "photo.npy", "--model", folder / "model", "--logits-npy", folder / "logits.npy")
    single, single_gradient, _ = run(model, photo)
    exact, _, target = run(model.double(), photo.double())
    interp("saliency", folder / "photo.npy", "--model", folder / "model", "--method", "vanilla", "--class", target, "--out", folder / "out")
    gradient = run(model, photo.double(), target)[1]
    found = np.load(folder / "out/photo/vanilla/attribution.npy").reshape(gradient.shape)
    seconds = json.loads((folder / "out/photo/vanilla/manifest.json").read_text())["time_ms"] / 1000
    print(f"| {name} | {size} | {relative(exact, np.load(folder / 'logits.npy')[0]):.1e} | {relative(exact, single):.1e} | "
          f"{relative(gradient, found):.1e} | {relative(gradient, single_gradient):.1e} | {seconds:.2f} |", flush=True)


def main():
    photo, names = sys.argv[1], sys.argv[2:] or NETWORKS
    print("| network | input | logits | PyTorch's float32 | gradient | PyTorch's float32 | seconds |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            check(name, photo, pathlib.Path(folder))


if __name__ == "__main__":
    main()
