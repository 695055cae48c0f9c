using Interp.Engine.Graph;
using Interp.Engine.Layers;
using Interp.Engine.Models;

namespace Interp.Tests.Support;

/// <summary>torchvision's VGGs with its layer names, random weights and fewer channels.</summary>
internal static class VggNets
{
    private static readonly Dictionary<int, int[]> s_convolutionsOfBlock = new()
    {
        [11] = [1, 1, 2, 2, 2],
        [13] = [2, 2, 2, 2, 2],
        [16] = [2, 2, 3, 3, 3],
        [19] = [2, 2, 4, 4, 4],
    };

    /// <summary>A VGG of five blocks.</summary>
    /// <param name="depth">11, 13, 16 or 19.</param>
    /// <param name="size">The input's side.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="divisor">torchvision's 64, 128, 256, 512, 512 channels and 4096 features are divided by it.</param>
    /// <param name="poolTo">The side to which the adaptive pool brings the maps.</param>
    /// <param name="hidden">The number of hidden linear layers.</param>
    /// <param name="norm">Whether a batch normalisation stood behind each convolution: an identity after conversion.</param>
    public static Network Make(int depth, int size, int classes = 7, int divisor = 32, int poolTo = 7, int hidden = 2, bool norm = false)
    {
        var random = new Gaussian(depth + size + classes);
        var builder = new NetworkBuilder(3);
        int channels = 3, index = 0;
        foreach ((int width, int convolutions) in ((int[])[64, 128, 256, 512, 512]).Zip(s_convolutionsOfBlock[depth]))
        {
            for (int k = 0; k < convolutions; k++)
            {
                TinyNets.Add(builder, $"features.{index++}", new Conv2d(channels, width / divisor, Window.Square(3, padding: 1)), random);
                channels = width / divisor;
                if (norm)
                {
                    builder.Then($"features.{index++}", new Identity());
                }

                builder.Then($"features.{index++}", new ReLU());
            }

            builder.Then($"features.{index++}", new MaxPool2d(Window.Square(2, stride: 2)));
        }

        builder.Then("avgpool", new AdaptiveAvgPool2d(Size2.Square(poolTo))).Then("flatten", new Flatten());
        int features = channels * poolTo * poolTo;
        for (int k = 0; k < hidden; k++)
        {
            TinyNets.Add(builder, $"classifier.{3 * k}", new Linear(features, 4096 / divisor), random)
                .Then($"classifier.{(3 * k) + 1}", new ReLU()).Then($"classifier.{(3 * k) + 2}", new Dropout());
            features = 4096 / divisor;
        }

        return TinyNets.Add(builder, $"classifier.{3 * hidden}", new Linear(features, classes), random)
            .Build($"vgg{depth}{(norm ? "_bn" : "")}", Preprocessing.ImageNet with { InputSize = size });
    }
}
