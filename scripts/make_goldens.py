#!/usr/bin/python3
"""Makes the fixtures in Tests/Fixtures/goldens: what PyTorch computes in float64, rounded once to float32.

    scripts/make_goldens.py [networks] [ops] [bundled]

networks  narrow VGG16, VGG19 and VGG11-BN with random weights: files as torch.save writes them, inputs, logits, and the gradient of one logit a
          image under the three ReLU rules. Seeds are searched for so that no ReLU or max-pool decision hangs on float32 rounding.
ops       single operations at odd sizes, as JSON with float64 values.
bundled   logits of vgg16-200 for the shipped photos, top-1 for all photos; needs ../shared.

Made with PyTorch 1.13, Pillow 9.4, NumPy 1.24 (Debian 12).
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "Tests/Fixtures/goldens"
SHARED = ROOT.parent / "shared"
RULES = ("vanilla", "deconvnet", "guided")


class RuledReLU(torch.autograd.Function):
    """max(x, 0) whose backward follows one of the three rules."""

    @staticmethod
    def forward(ctx, x, rule):
        ctx.rule = rule
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, r):
        (x,) = ctx.saved_tensors
        if ctx.rule == "vanilla":
            return torch.where(x > 0, r, torch.zeros_like(r)), None
        if ctx.rule == "deconvnet":
            return r.clamp(min=0), None
        return torch.where(x > 0, r.clamp(min=0), torch.zeros_like(r)), None


class ReLU(torch.nn.Module):
    rule = "vanilla"

    def forward(self, x):
        return RuledReLU.apply(x, ReLU.rule)


class Vgg(torch.nn.Module):
    """torchvision.models.VGG with its names, at any width. `plan` lists channels, "M" for a max pool."""

    def __init__(self, plan, pool, hidden, classes, batch_norm=False, wide_head=True):
        super().__init__()
        layers, channels = [], 3
        for item in plan:
            if item == "M":
                layers.append(torch.nn.MaxPool2d(2, 2))
                continue
            layers.append(torch.nn.Conv2d(channels, item, 3, padding=1))
            layers += [torch.nn.BatchNorm2d(item)] if batch_norm else []
            layers.append(ReLU())
            channels = item
        self.features = torch.nn.Sequential(*layers)
        self.avgpool = torch.nn.AdaptiveAvgPool2d((pool, pool))
        head = [torch.nn.Linear(channels * pool * pool, hidden), ReLU(), torch.nn.Dropout()]
        head += [torch.nn.Linear(hidden, hidden), ReLU(), torch.nn.Dropout()] if wide_head else []
        self.classifier = torch.nn.Sequential(*head, torch.nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def randomise(model):
    """Weights that keep the activations' scale through the depth, biases and batch-norm statistics that matter, negative scales included."""
    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            torch.nn.init.normal_(module.bias, std=0.1)
        elif isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.weight, mean=1, std=0.5)
            torch.nn.init.normal_(module.bias, std=0.3)
            torch.nn.init.normal_(module.running_mean, std=0.3)
            torch.nn.init.uniform_(module.running_var, 0.3, 1.8)
            module.num_batches_tracked.fill_(1000)


def margins(model, x):
    """The least distance of a decision from its tie, in units of its layer's root mean square: ReLUs, then max pools (maxima of zero left out,
    since the ReLU before has already decided those)."""
    found = {"relu": [], "pool": []}

    def relu(_, inputs, __):
        found["relu"].append((inputs[0].abs().min() / inputs[0].pow(2).mean().sqrt()).item())

    def pool(_, inputs, __):
        a = inputs[0]
        h, w = a.shape[2] // 2 * 2, a.shape[3] // 2 * 2
        windows = a[:, :, :h, :w].unfold(2, 2, 2).unfold(3, 2, 2).reshape(-1, 4)
        top = windows.topk(2).values
        gap = (top[:, 0] - top[:, 1])[top[:, 0] > 0]
        found["pool"].append((gap.min() / a.pow(2).mean().sqrt()).item())

    hooks = [m.register_forward_hook(relu if isinstance(m, ReLU) else pool) for m in model.modules()
             if isinstance(m, (ReLU, torch.nn.MaxPool2d))]
    model(x)
    for hook in hooks:
        hook.remove()
    return min(found["relu"]), min(found["pool"])


def gradients(model, x, classes):
    """Logits, and under each rule the gradient of the sum over images of one logit each."""
    result = {}
    for rule in RULES:
        ReLU.rule = rule
        leaf = x.clone().requires_grad_()
        logits = model(leaf)
        logits[torch.arange(len(classes)), classes].sum().backward()
        result["logits"], result[rule] = logits.detach(), leaf.grad
    return result


def save_npy(path, tensor):
    np.save(path, np.ascontiguousarray(tensor.numpy().astype("<f4")))


def relative(expected, actual):
    return ((expected - actual.double()).norm() / expected.norm()).item()


def networks():
    cases = {
        "vgg16": (dict(plan=[4, 4, "M", 6, 6, "M", 10, 10, 10, "M", 18, 18, 18, "M", 20, 20, 20, "M"], pool=7, hidden=16, classes=10), (3, 61, 47)),
        "vgg19": (dict(plan=[4, 4, "M", 6, 6, "M"] + [10] * 4 + ["M"] + [16] * 4 + ["M"] + [18] * 4 + ["M"], pool=7, hidden=17, classes=10), (1, 75, 75)),
        "vgg11_bn": (dict(plan=[5, "M", 8, "M", 12, 12, "M", 20, 20, "M", 20, 20, "M"], pool=3, hidden=24, classes=10, batch_norm=True,
                          wide_head=False), (3, 45, 33)),
    }
    for name, (arguments, (n, h, w)) in cases.items():
        best = None
        for seed in range(60):
            torch.manual_seed(seed)
            model = Vgg(**arguments).eval()
            randomise(model)
            x = torch.randn(n, 3, h, w)
            with torch.no_grad():
                least = min(margins(model.double(), x.double()))
            if best is None or least > best[0]:
                best = (least, seed)
        torch.manual_seed(best[1])
        model = Vgg(**arguments).eval()
        randomise(model)
        x = torch.randn(n, 3, h, w)
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(model.state_dict(), folder / f"{name}.pth")
        if name == "vgg16":
            torch.save(model.state_dict(), folder / f"{name}-legacy.pth", _use_new_zipfile_serialization=False)
        classes = [(3 * i + 2) % arguments["classes"] for i in range(n)]
        single = gradients(model, x, classes)
        with torch.no_grad():
            least = margins(model.double(), x.double())
        exact = gradients(model, x.double(), classes)
        save_npy(folder / "input.npy", x)
        for key, value in exact.items():
            save_npy(folder / f"{key}.npy", value)
        (folder / "classes.json").write_text(json.dumps(classes) + "\n")
        print(f"{name}: seed {best[1]}, least margin relu {least[0]:.1e}, pool {least[1]:.1e}; float32 PyTorch differs by",
              ", ".join(f"{key} {relative(exact[key], single[key]):.1e}" for key in exact))


def numbers(tensor):
    """A list that JSON can hold and that gives back the same float64 values."""
    return [v if np.isfinite(v) else str(v).replace("inf", "Infinity").replace("nan", "NaN") for v in tensor.double().flatten().tolist()]


def op_case(name, kind, attributes, x, run, parameters=()):
    leaf = x.double().requires_grad_()
    y = run(leaf, *[p.double() for p in parameters])
    seed = torch.randint(-8, 9, y.shape).double() / 4
    y.backward(seed)
    return dict(name=name, kind=kind, **attributes, xShape=list(x.shape), x=numbers(x), parameters=[numbers(p) for p in parameters],
                yShape=list(y.shape), y=numbers(y.detach()), seed=numbers(seed), gradient=numbers(leaf.grad))


def ops():
    torch.manual_seed(3)
    cases = []
    for name, n, c, k, (h, w), kernel, stride, padding, dilation, groups in [
        ("plain", 1, 2, 3, (5, 7), (3, 3), (1, 1), (1, 1), (1, 1), 1),
        ("stride-dilation-groups", 2, 4, 6, (9, 7), (3, 3), (2, 2), (2, 2), (2, 2), 2),
        ("depthwise", 1, 3, 3, (6, 5), (3, 3), (1, 1), (1, 1), (1, 1), 3),
        ("depthwise-multiplier", 1, 2, 4, (5, 5), (3, 3), (2, 2), (1, 1), (1, 1), 2),
        ("uneven", 1, 2, 2, (8, 9), (2, 5), (3, 2), (1, 2), (2, 1), 1),
        ("pointwise", 2, 3, 2, (3, 4), (1, 1), (1, 1), (0, 0), (1, 1), 1),
        ("pointwise-stride", 1, 2, 2, (5, 6), (1, 1), (2, 3), (0, 0), (1, 1), 1),
        ("stem", 1, 3, 2, (11, 13), (7, 7), (2, 2), (3, 3), (1, 1), 1),
    ]:
        weight, bias = torch.randn(k, c // groups, *kernel), torch.randn(k)
        cases.append(op_case(f"conv-{name}", "conv2d", dict(kernel=kernel, stride=stride, padding=padding, dilation=dilation, groups=groups),
                             torch.randn(n, c, h, w), lambda x, wt, b: F.conv2d(x, wt, b, stride, padding, dilation, groups), (weight, bias)))
    for (h, w), size in [((1, 1), (7, 7)), ((2, 2), (7, 7)), ((5, 7), (3, 2)), ((9, 4), (7, 7)), ((8, 8), (4, 4)), ((10, 11), (1, 1))]:
        cases.append(op_case(f"adaptive-{h}x{w}-to-{size[0]}x{size[1]}", "adaptive_avgpool2d", dict(kernel=size), torch.randn(2, 2, h, w),
                             lambda x: F.adaptive_avg_pool2d(x, size)))
    some = torch.randint(0, 3, (2, 2, 7, 6)).float()  # three values only, so most windows hold ties
    holes = torch.randn(1, 1, 6, 6)
    holes[0, 0, 1, 1] = holes[0, 0, 1, 2] = holes[0, 0, 4, 0] = float("nan")
    for name, x, kernel, stride, padding, dilation, ceil in [
        ("ties", some, (2, 2), (2, 2), (0, 0), (1, 1), False),
        ("ties-overlap", some, (3, 3), (2, 2), (1, 1), (1, 1), False),
        ("ties-ceil", some, (3, 3), (2, 2), (0, 0), (1, 1), True),
        ("ties-dilation", some, (2, 3), (1, 2), (1, 1), (2, 2), True),
        ("zeros", torch.zeros(1, 1, 5, 5), (3, 3), (1, 1), (1, 1), (1, 1), False),
        ("nan", holes, (3, 3), (2, 2), (1, 1), (1, 1), False),
    ]:
        cases.append(op_case(f"maxpool-{name}", "maxpool2d", dict(kernel=kernel, stride=stride, padding=padding, dilation=dilation, ceil=ceil), x,
                             lambda x: F.max_pool2d(x, kernel, stride, padding, dilation, ceil)))
    cases.append(op_case("softmax", "softmax", {}, torch.randn(3, 5) * 2, lambda x: F.softmax(x, 1)))
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "ops.json").write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(f"ops: {len(cases)} cases")


def prepare(path):
    """torchvision's evaluation transform up to the crop: shorter side 256, bilinear with antialiasing, middle 224×224."""
    image = Image.open(path).convert("RGB")
    w, h = image.size
    size = (256, int(256 * h / w)) if w <= h else (int(256 * w / h), 256)
    image = image.resize(size, Image.BILINEAR)
    left, top = int(round((size[0] - 224) / 2)), int(round((size[1] - 224) / 2))
    return image.crop((left, top, left + 224, top + 224))


def normalise(image):
    x = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 255
    return ((x - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1))[None]


def bundled():
    state = torch.load(SHARED / "models/vgg16-200/vgg16-200.pth")
    plan = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]
    model = Vgg(plan, pool=1, hidden=1024, classes=200, wide_head=False).eval().double()
    model.load_state_dict(state)
    folder = OUT / "vgg16-200"
    folder.mkdir(parents=True, exist_ok=True)
    photos = sorted((SHARED / "data/photos").glob("*.*")) + sorted((SHARED / "data/photos/public-domain").glob("*.[jp]*"))
    top = {}
    for photo in photos:
        image = prepare(photo)
        with torch.no_grad():
            logits = model(normalise(image).double())
        best = logits[0].topk(2)
        top[photo.name] = best.indices[0].item()
        if photo.parent.name == "public-domain":
            image.save(folder / f"{photo.stem}-224.png")
            save_npy(folder / f"{photo.stem}-logits.npy", logits)
        print(f"{photo.name}: class {best.indices[0].item()}, {(best.values[0] - best.values[1]).item():.3f} above the next")
    (folder / "top1.json").write_text(json.dumps(top, indent=2) + "\n")


if __name__ == "__main__":
    for part in sys.argv[1:] or ["networks", "ops", "bundled"]:
        {"networks": networks, "ops": ops, "bundled": bundled}[part]()
