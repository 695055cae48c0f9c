#!/usr/bin/python3
"""Makes the fixtures in Tests/Fixtures/goldens/cam: class activation maps as PyTorch computes them in float64 from the papers' formulas,
rounded once to float32.

    scripts/goldens/cam.py

Networks, inputs and classes are those that scripts/make_goldens.py made. For each network and layer, LAYER-METHOD.npy is [N,h,w], the
map before its ReLU; enlarged and fused maps and products with gradients are at the input's size.

Made with PyTorch 1.13, NumPy 1.24 (Debian 12).
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from make_goldens import OUT, ReLU, Vgg, save_npy  # noqa: E402

PLANS = {
    "vgg16": (dict(plan=[4, 4, "M", 6, 6, "M", 10, 10, 10, "M", 18, 18, 18, "M", 20, 20, 20, "M"], pool=7, hidden=16, classes=10), (15, 29)),
    "vgg19": (dict(plan=[4, 4, "M", 6, 6, "M"] + [10] * 4 + ["M"] + [16] * 4 + ["M"] + [18] * 4 + ["M"], pool=7, hidden=17, classes=10), (35,)),
}


def behind(model, a, layer):
    """Logits from the output of features[layer]."""
    return model.classifier(torch.flatten(model.avgpool(model.features[layer + 1:](a)), 1))


def enlarge(maps, size):
    """[N,h,w] to [N,H,W], half-pixel centres."""
    return F.interpolate(maps[:, None], size, mode="bilinear", align_corners=False)[:, 0]


def unit(maps):
    """Each map to 0…1."""
    low, high = maps.amin((1, 2), keepdim=True), maps.amax((1, 2), keepdim=True)
    return (maps - low) / (high - low)


def gradient_maps(a, g):
    """a, g: [K,h,w] of one image."""
    total = a.sum((1, 2), keepdim=True)
    alpha = torch.where(g != 0, g ** 2 / (2 * g ** 2 + total * g ** 3 + 1e-6), torch.zeros_like(g))
    return {
        "gradcam": (g.mean((1, 2), keepdim=True) * a).sum(0),
        "gradcam++": ((alpha * g.clamp(min=0)).sum((1, 2), keepdim=True) * a).sum(0),
        "xgradcam": ((g * a).sum((1, 2), keepdim=True) / (total + 1e-7) * a).sum(0),
        "layercam": (g.clamp(min=0) * a).sum(0),
        "hirescam": (g * a).sum(0),
    }


def eigen(a):
    k, h, w = a.shape
    x = a.reshape(k, -1).T
    x = x - x.mean(0)
    _, _, vt = torch.linalg.svd(x, full_matrices=False)
    projection = (x @ vt[0]).reshape(h, w)
    return projection if (projection * a.sum(0)).sum() >= 0 else -projection


def score(model, x, a, c, channels):
    """x: [3,H,W]. The classes' probabilities on the masked images as weights."""
    result = torch.zeros_like(a[0])
    for k in channels:
        mask = enlarge(a[k][None], x.shape[1:])
        if mask.max() > mask.min():
            result += F.softmax(model((x * unit(mask))[None]), 1)[0, c] * a[k]
    return result


def ablation(model, a, c, layer):
    whole = behind(model, a[None], layer)[0, c]
    result = torch.zeros_like(a[0])
    for k in range(len(a)):
        without = a.clone()
        without[k] = 0
        result += (whole - behind(model, without[None], layer)[0, c]) / whole.abs() * a[k]
    return result


def input_gradient(model, x, classes, rule):
    ReLU.rule = rule
    leaf = x.clone().requires_grad_()
    model(leaf)[torch.arange(len(classes)), classes].sum().backward()
    ReLU.rule = "vanilla"
    return leaf.grad


def main():
    for name, (arguments, layers) in PLANS.items():
        model = Vgg(**arguments).eval().double()
        model.load_state_dict(torch.load(OUT / name / f"{name}.pth"))
        x = torch.from_numpy(np.load(OUT / name / "input.npy")).double()
        classes = json.loads((OUT / name / "classes.json").read_text())
        folder = OUT / "cam" / name
        folder.mkdir(parents=True, exist_ok=True)
        grad_cams = {}
        for layer in layers:
            maps = {}
            for n, c in enumerate(classes):
                a = model.features[:layer + 1](x[n:n + 1]).detach().requires_grad_()
                behind(model, a, layer)[0, c].backward()
                one, g = a.detach()[0], a.grad[0]
                with torch.no_grad():
                    found = gradient_maps(one, g)
                    found["gradcam-simple"] = one.mean(0)
                    found["eigencam"] = eigen(one)
                    found["ablationcam"] = ablation(model, one, c, layer)
                    found["scorecam"] = score(model, x[n], one, c, range(len(one)))
                    best = one.std((1, 2), unbiased=False).argsort(descending=True)[:4].tolist()
                    found["scorecam-4"] = score(model, x[n], one, c, best)
                for key, value in found.items():
                    maps.setdefault(key, []).append(value)
            for key, value in maps.items():
                save_npy(folder / f"features.{layer}-{key}.npy", torch.stack(value))
            grad_cams[layer] = torch.stack(maps["gradcam"]).clamp(min=0)
        last = grad_cams[layers[-1]]
        save_npy(folder / "enlarged.npy", enlarge(last, x.shape[2:]))
        if len(layers) > 1:
            save_npy(folder / "fused.npy", sum(enlarge(unit(grad_cams[i]), x.shape[2:]) for i in layers) / len(layers))
        for method, rule in (("guided-gradcam", "guided"), ("vanilla-gradcam", "vanilla")):
            if name == "vgg19":
                save_npy(folder / f"{method}.npy", input_gradient(model, x, classes, rule) * enlarge(unit(last), x.shape[2:])[:, None])
        print(name, {i: [f"{v.max().item():.2e}" for v in m] for i, m in grad_cams.items()})


if __name__ == "__main__":
    main()
