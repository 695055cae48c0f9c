using Interp.Engine.Graph;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization;
using Interp.Engine.Visualization.Objectives;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Visualization.Objectives;

/// <summary>Random images and activations for objectives, and central differences along random directions.</summary>
internal sealed class ObjectiveCheck
{
    private const double Step = 1.0 / 4096;

    /// <summary>
    /// On (F(x+hd) − F(x−hd)) against ⟨gradient, x₊ − x₋⟩ relative to ‖gradient‖·‖x₊ − x₋‖, where x₊ and x₋ are the points as rounded to
    /// float32: the
    /// truncation error is of order h² = 6e-8 times third derivatives of order 1 to 10; that x lies not quite midway, by 6e-8, costs about
    /// as much; the
    /// gradient is rounded to float32, 6e-8.
    /// </summary>
    private const double Tolerance = 5e-6;

    private readonly Gaussian _random = new(61);
    private readonly Dictionary<Node, (Shape Shape, float[] Values)> _activations = [];

    /// <param name="count">Number of images.</param>
    internal ObjectiveCheck(int count = 3)
    {
        Canvas = new Canvas(count, 6, 5);
        Images = Distinct(Canvas.Length);
        Add("conv1_0", new Shape(count, 17, 4, 3));
        Add("conv2_1", new Shape(count, 24, 2, 2));
        Add("fc0", new Shape(count, 19));
        Add("fc1", new Shape(count, 7));
    }

    /// <summary>The network whose activations they might be.</summary>
    internal static Network Net { get; } = TinyNets.Vgg();

    internal Canvas Canvas { get; }

    internal float[] Images { get; set; }

    internal Observation Seen => new(Canvas, Images, node => _activations[node]);

    internal float[] this[string layer]
    {
        get => _activations[Net.Find(layer)].Values;
        set => _activations[Net.Find(layer)] = (_activations[Net.Find(layer)].Shape, value);
    }

    /// <summary>Independent normal values.</summary>
    internal float[] Random(int count) => _random.Values(count);

    /// <summary>Checks the gradient of Σ w_n·F_n with random weights, so that images that depend on one another are told apart, by
    /// everything it looks at.</summary>
    internal void Gradient(Objective objective)
    {
        double[] weights = [.. Enumerable.Range(0, Canvas.Count).Select(_ => _random.Next())];
        var found = new ObjectiveGradient(Seen);
        objective.Run(Seen).Add(found, weights);
        double Value() => objective.Run(Seen).Values.Zip(weights, (f, w) => f * w).Sum();
        CollectionAssert.AreEquivalent(objective.Nodes.ToArray(), found.Activations.Keys.ToArray(), $"{objective}: nodes");
        foreach ((Node node, float[] gradient) in found.Activations)
        {
            Along(objective.Name, gradient, this[node.Name], x => this[node.Name] = x, Value);
        }

        if (found.Images is { } images)
        {
            Along(objective.Name, images, Images, x => Images = x, Value);
        }
    }

    private void Along(string name, float[] gradient, float[] x, Action<float[]> set, Func<double> value)
    {
        for (int trial = 0; trial < 4; trial++)
        {
            double[] direction = Array.ConvertAll(_random.Values(x.Length), d => (double)d);
            double norm = Norm(direction);
            float[] above = [.. x.Zip(direction, (a, d) => (float)(a + (Step * d / norm)))],
                below = [.. x.Zip(direction, (a, d) => (float)(a - (Step * d / norm)))];
            set(above);
            double difference = value();
            set(below);
            difference -= value();
            set(x);
            double[] way = [.. above.Zip(below, (a, b) => (double)a - b)];
            double expected = gradient.Zip(way, (g, d) => g * d).Sum();
            Assert.AreEqual(expected, difference, Tolerance * Norm(way) * Norm(Array.ConvertAll(gradient, g => (double)g)),
                $"{name}: directional derivative");
        }
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    private void Add(string layer, Shape shape) => _activations.Add(Net.Find(layer), (shape, _random.Values(shape.Count)));

    /// <summary>Numbers in (0, 1), further apart than a step, none of them ½, in random order: nothing has a kink nearby.</summary>
    private float[] Distinct(int count) => [.. Enumerable.Range(0, count).Select(i => (i + 0.25f) / count).OrderBy(_ => _random.Next())];
}
