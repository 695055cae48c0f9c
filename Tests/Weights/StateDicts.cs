namespace Interp.Tests.Weights;

/// <summary>State dicts as torchvision's VGG modules have them, narrow and with random values.</summary>
internal static class StateDicts
{
    /// <summary>torchvision's configurations A, B, D and E with widths divided by 16; 0 is a pool.</summary>
    internal static readonly Dictionary<int, int[]> Configurations = new()
    {
        [11] = [4, 0, 8, 0, 16, 16, 0, 32, 32, 0, 32, 32, 0],
        [13] = [4, 4, 0, 8, 8, 0, 16, 16, 0, 32, 32, 0, 32, 32, 0],
        [16] = [4, 4, 0, 8, 8, 0, 16, 16, 16, 0, 32, 32, 32, 0, 32, 32, 32, 0],
        [19] = [4, 4, 0, 8, 8, 0, 16, 16, 16, 16, 0, 32, 32, 32, 32, 0, 32, 32, 32, 32, 0],
    };

    /// <summary>A VGG with the given layers; the classifier's widths are the outputs of its linear layers, the classes last.</summary>
    internal static FakeWeightSource Vgg(
        int[] configuration, bool batchNorm, int[] classifier, int pool = 7, int kernel = 3, bool convBias = true)
    {
        var random = new Random(1);
        var source = new FakeWeightSource();
        int index = 0;
        int channels = 3;
        foreach (int width in configuration)
        {
            if (width == 0)
            {
                index++;
                continue;
            }

            source.Set($"features.{index}.weight", [width, channels, kernel, kernel], _ => random.NextDouble() - 0.5);
            if (convBias)
            {
                source.Set($"features.{index}.bias", [width], _ => random.NextDouble() - 0.5);
            }

            index++;
            if (batchNorm)
            {
                AddBatchNorm(source, $"features.{index++}", width, random);
            }

            index++;
            channels = width;
        }

        int features = channels * pool * pool;
        for (int k = 0; k < classifier.Length; k++)
        {
            source.Set($"classifier.{3 * k}.weight", [classifier[k], features], _ => random.NextDouble() - 0.5);
            source.Set($"classifier.{3 * k}.bias", [classifier[k]], _ => random.NextDouble() - 0.5);
            features = classifier[k];
        }

        return source;
    }

    /// <summary>A network of two convolutions and one linear layer.</summary>
    internal static FakeWeightSource Tiny(int classes = 5) => Vgg([4, 0, 6, 0], batchNorm: false, [classes], pool: 1);

    private static void AddBatchNorm(FakeWeightSource source, string name, int width, Random random)
    {
        source.Set($"{name}.weight", [width], _ => random.NextDouble() + 0.5);
        source.Set($"{name}.bias", [width], _ => random.NextDouble() - 0.5);
        source.Set($"{name}.running_mean", [width], _ => random.NextDouble() - 0.5);
        source.Set($"{name}.running_var", [width], _ => random.NextDouble() * 3);
        source.Set($"{name}.num_batches_tracked", [], _ => 1000);
    }
}
