#!/usr/bin/python3
"""Makes the fixtures in Tests/Fixtures/goldens/visualization: images of Fourier coefficients as lucid and lucent define them, and their gradients, in PyTorch's
float64, rounded once to float32; and PyTorch's affine sampling.

    scripts/goldens/visualization.py

fft-HxW-*.npy     theta [3,2,H,W/2+1] (real parts, then imaginary ones), image [3,H,W], upstream [3,H,W] and gradient, of theta's shape
fft-HxW-plain-*.npy   the same with decay 1.5 and without the colour matrix
colors.npy        the colour matrix over its largest column norm
affine-*.npy      image [3,H,W], theta (2x3, PyTorch's units) and result; grid_sample with zeros outside and align_corners=False
adam.npy          parameters after each of five steps of torch.optim.Adam(lr=0.05), after the gradients in adam-gradients.npy

Made with PyTorch 1.13, NumPy 1.24 (Debian 12).
"""
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

OUT = pathlib.Path(__file__).resolve().parent.parent.parent / "Tests/Fixtures/goldens/visualization"
COLORS = np.array([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])


def save(name, values):
    OUT.mkdir(parents=True, exist_ok=True)
    np.save(OUT / f"{name}.npy", np.ascontiguousarray(values).astype(np.float32))


def color_matrix():
    return COLORS / np.linalg.norm(COLORS, axis=0).max()


def fourier(h, w, decay=1.0, decorrelate=True, suffix=""):
    rng = np.random.default_rng(h * 1000 + w)
    half = w // 2 + 1
    theta = torch.tensor(rng.normal(size=(3, 2, h, half)).astype(np.float32).astype(np.float64), requires_grad=True)
    f = np.sqrt(np.fft.fftfreq(h)[:, None] ** 2 + np.fft.rfftfreq(w)[None] ** 2)
    scale = torch.tensor(1 / np.maximum(f, 1 / max(h, w)) ** decay)
    spectrum = torch.complex(theta[:, 0], theta[:, 1]) * scale
    planes = torch.fft.irfft2(spectrum, s=(h, w), norm="ortho") / 4
    matrix = torch.tensor(color_matrix() if decorrelate else np.eye(3))
    image = torch.sigmoid(torch.einsum("rc,chw->rhw", matrix, planes))
    upstream = torch.tensor(rng.normal(size=(3, h, w)).astype(np.float32).astype(np.float64))
    (image * upstream).sum().backward()
    for name, values in (("theta", theta.detach()), ("image", image.detach()), ("upstream", upstream), ("gradient", theta.grad)):
        save(f"fft-{h}x{w}{suffix}-{name}", values.numpy())


def affine():
    rng = np.random.default_rng(5)
    image = torch.tensor(rng.uniform(size=(1, 3, 11, 14)).astype(np.float32).astype(np.float64))
    theta = torch.tensor([[[0.9, -0.2, 0.1], [0.15, 1.1, -0.3]]], dtype=torch.float64)
    result = F.grid_sample(image, F.affine_grid(theta, (1, 3, 9, 12), align_corners=False), align_corners=False)
    save("affine-image", image[0].numpy())
    save("affine-theta", theta[0].numpy())
    save("affine-result", result[0].numpy())


def adam():
    rng = np.random.default_rng(7)
    gradients = rng.normal(size=(5, 6)).astype(np.float32)
    parameters = torch.zeros(6, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([parameters], lr=0.05)
    after = []
    for g in gradients:
        parameters.grad = -torch.tensor(g.astype(np.float64))  # PyTorch descends
        optimizer.step()
        after.append(parameters.detach().numpy().copy())
    save("adam-gradients", gradients)
    save("adam", np.array(after))


for size in ((8, 8), (7, 10), (9, 11), (30, 28), (37, 41)):
    fourier(*size)
fourier(9, 10, decay=1.5, decorrelate=False, suffix="-plain")
save("colors", color_matrix())
affine()
adam()
