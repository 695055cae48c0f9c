#!/usr/bin/env python3
"""Times PyTorch on VGG16 for comparison with `interp-cli`, on weights that it can also make at random.

    scripts/time_pytorch.py make FILE        a VGG16 with random weights in PyTorch's legacy form, 528 MB
    scripts/time_pytorch.py time FILE        forward, and forward plus backward to the input, at 224x224; --batch, --channels-last, and --device cuda for a GPU, in float32 without
                                                 TF32, with cuDNN's quickest algorithms and the upload of the images
    scripts/time_pytorch.py saliency FILE IMAGE OUT.png
                                                 once, from a cold start: load the weights, explain the photo's top class by its gradient, write a heat map;
                                                 beside `interp-cli saliency IMAGE --method vanilla --model ...`, both under `/usr/bin/time -v`

Needs PyTorch only (Debian's python3-torch will do), and Pillow for saliency. Set threads with --threads.
"""
import argparse
import statistics
import time

import torch
from torch import nn

CONVOLUTIONS = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]


class Vgg16(nn.Module):
    """torchvision's VGG16 with its names."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in CONVOLUTIONS:
            if width == "M":
                layers.append(nn.MaxPool2d(2, 2))
                continue
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
            channels = width
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(True), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(), nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def make(path):
    torch.manual_seed(0)
    model = Vgg16()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)


def measure(path, runs, device, batch, layout):
    model = Vgg16().eval()
    model.load_state_dict(torch.load(path))
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    model.to(device, memory_format=layout)
    images = torch.randn(batch, 3, 224, 224).to(memory_format=layout)
    wait = lambda: None
    if device == "cuda":
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        images = images.pin_memory()
        wait = torch.cuda.synchronize
    forward, both = [], []
    for run in range(runs + 3):
        wait()
        with torch.no_grad():
            start = time.perf_counter()
            model(images.to(device))
            wait()
            forward.append(time.perf_counter() - start)
        start = time.perf_counter()
        x = images.to(device).detach().requires_grad_(True)
        model(x)[:, 7].sum().backward()
        wait()
        both.append(time.perf_counter() - start)
    for name, seconds in (("forward", forward[3:]), ("forward and backward", both[3:])):
        print(f"{name:22} median {statistics.median(seconds) * 1e3:.1f} ms, minimum {min(seconds) * 1e3:.1f} ms")


def saliency(path, image, out):
    from PIL import Image

    start = time.perf_counter()
    model = Vgg16().eval()
    model.load_state_dict(torch.load(path))
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    loaded = time.perf_counter()
    image = Image.open(image).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize([max(256, int(side * scale)) for side in image.size], Image.BILINEAR)
    left, top = (image.width - 224) // 2, (image.height - 224) // 2
    image = image.crop((left, top, left + 224, top + 224))
    pixels = torch.frombuffer(bytearray(image.tobytes()), dtype=torch.uint8).reshape(224, 224, 3).permute(2, 0, 1) / 255
    mean, deviation = (torch.tensor(v).reshape(3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    x = ((pixels - mean) / deviation)[None].requires_grad_(True)
    logits = model(x)
    logits[0, logits.argmax()].backward()
    heat = x.grad[0].abs().amax(0)
    heat = ((heat - heat.min()) / (heat.quantile(0.99) - heat.min())).clamp(0, 1)
    Image.frombytes("L", (224, 224), bytes((heat * 255).round().to(torch.uint8).flatten().tolist())).save(out)
    print(f"weights {loaded - start:.2f} s, everything after the imports {time.perf_counter() - start:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["make", "time", "saliency"])
    parser.add_argument("file")
    parser.add_argument("image", nargs="?")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--channels-last", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    if arguments.action == "make":
        make(arguments.file)
    elif arguments.action == "saliency":
        if arguments.out is None:
            parser.error("saliency needs IMAGE and OUT.png")
        saliency(arguments.file, arguments.image, arguments.out)
    else:
        measure(
            arguments.file, arguments.runs, arguments.device, arguments.batch,
            torch.channels_last if arguments.channels_last else torch.contiguous_format)


if __name__ == "__main__":
    main()
