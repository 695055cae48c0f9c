using Interp.Engine.Attribution;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;

namespace Interp.Engine.Concepts;

/// <summary>The gradients of a class at a layer, one backward pass for each of its photos.</summary>
/// <param name="Class">The class.</param>
/// <param name="Images">The photos that could be read.</param>
/// <param name="Rows">∂z_c/∂f of each, f the layer's features.</param>
/// <param name="Recognised">Of how many the class is the network's first.</param>
internal sealed record ClassGradients(int Class, IReadOnlyList<string> Images, List<float[]> Rows, int Recognised)
{
    private const int Chunk = 32;

    /// <summary>Runs a class's photos.</summary>
    internal static ClassGradients Of(
        Explainer explainer, Node layer, int c, ImageSet photos, LayerFeatures features, ConceptTestOptions options,
        Action<string, InputException> skipped, Action<int> done, CancellationToken cancel)
    {
        var target = new ClassTarget(c, options.Probability);
        var rows = new List<float[]>(photos.Images.Length);
        var names = new List<string>();
        int recognised = 0;
        LayerFeatures.InChunks(photos, Chunk, options.Parallel(cancel), skipped, (first, inputs) =>
        {
            foreach (NetworkInput input in inputs)
            {
                RequireSize(input, explainer.Network.Preprocessing);
            }

            NetworkInput sample = inputs[0];
            explainer.Batches(
                inputs.Count, (sample.Image.Height, sample.Image.Width), backward: true, [layer],
                (i, x) => inputs[i].Tensor.CopyTo(x),
                (session, start, n) =>
                {
                    session.Backward(ReluRules.Vanilla, cancel, target.Seed(session));
                    Shape shape = session.ShapeOf(layer);
                    features.Check(shape, inputs[start].Path);
                    float[] gradients = session.Gradient(layer), logits = session.Logits();
                    int each = gradients.Length / n, classes = logits.Length / n;
                    for (int i = 0; i < n; i++)
                    {
                        rows.Add(options.Pool.Gradient(gradients.AsSpan(i * each, each), features.Shape));
                        names.Add(inputs[start + i].Path);
                        ReadOnlySpan<float> z = logits.AsSpan(i * classes, classes);
                        recognised += IsFirst(z, c) ? 1 : 0;
                    }
                },
                progress: null,
                cancel);
            done(Math.Min(first + Chunk, photos.Images.Length));
        });
        return new ClassGradients(c, names, rows, recognised);
    }

    private static void RequireSize(NetworkInput input, Preprocessing own)
    {
        if (input.Image.Height != own.Height || input.Image.Width != own.Width)
        {
            throw new InputException($"{input.Path}: is {input.Image.Height}x{input.Image.Width}, expected the network's own input size "
                + $"{own.Height}x{own.Width}");
        }
    }

    private static bool IsFirst(ReadOnlySpan<float> logits, int c)
    {
        foreach (float z in logits)
        {
            if (z > logits[c])
            {
                return false;
            }
        }

        return logits.Length > 1 || logits[c] > 0;
    }
}
