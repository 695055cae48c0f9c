using Interp.Engine.Common;
using Interp.Weights.Lowering;

namespace Interp.Tests.Weights.Lowering;

/// <summary>
/// Random graphs: whatever operators follow one another, the network computes what the graph does, or the graph is refused. It is never
/// wrong.
/// </summary>
[TestClass]
public sealed class RandomGraphTests
{
    private static readonly int Graphs = int.Parse(Environment.GetEnvironmentVariable("GRAPHS") ?? "400");

    [TestMethod]
    public void RandomGraphs_AreRightOrRefused()
    {
        int right = 0;
        var refused = new List<string>();
        for (int seed = 0; seed < Graphs; seed++)
        {
            var random = new Random(seed);
            var maker = new GraphMaker([2, 4, 6, 6], seed);
            var values = new List<(string Name, int[] Shape)> { (maker.Conv(4, 5, 1).Last, [2, 5, 6, 6]) };
            for (int k = random.Next(3, 9); k > 0; k--)
            {
                Add(maker, values, random);
            }

            ImportedNetwork imported;
            try
            {
                imported = GraphImporter.Import(maker.Build(), new ImportOptions());
            }
            catch (ModelException e)
            {
                refused.Add(e.Message);
                continue;
            }

            right++;
            LoweringCheck.Same(maker.Build(), imported);
        }

        Assert.IsGreaterThan(Graphs / 4, right, string.Join('\n', refused.Take(20)));
        Assert.IsTrue(refused.All(m => m.StartsWith("operator ", StringComparison.Ordinal)), string.Join('\n', refused));
    }

    /// <summary>Adds an operator over one or two of the values so far, the newest before all.</summary>
    private static void Add(GraphMaker maker, List<(string Name, int[] Shape)> values, Random random)
    {
        (string x, int[] shape) = values[random.Next(3) == 0 ? random.Next(values.Count) : ^1];
        int rank = shape.Length, channels = rank == 4 ? shape[1] : 1;
        string module = random.Next(2) == 0 ? "a" : "b";
        switch (random.Next(13))
        {
            case 0 when rank == 4:
                int kernel = Math.Min(random.Next(1, 4), Math.Min(shape[2], shape[3]));
                int outputs = random.Next(1, 7);
                int rows = shape[2] - kernel + 1, columns = shape[3] - kernel + 1;
                string w = maker.Parameter(0, 0.5, outputs, channels, kernel, kernel);
                Done(maker.Add("Conv", [x, w], module), [shape[0], outputs, rows, columns]);
                break;
            case 1:
                Done(maker.Add(random.Next(2) == 0 ? "Relu" : "Sigmoid", [x], module), shape);
                break;
            case 2:
                int own = random.Next(3) > 0 ? 1 : random.Next(1, rank);
                long[] along = [.. shape.Select((size, axis) => (long)(axis == own ? size : 1))];
                string op = random.Next(2) == 0 ? "Mul" : "Add";
                Done(maker.Add(op, [x, maker.Parameter(0.5, 1, along)], module), shape);
                break;
            case 3:
                int[] order = [0, .. Enumerable.Range(1, rank - 1).OrderBy(_ => random.Next())];
                Done(maker.Add("Transpose", [x], module, ("perm", order)), [.. order.Select(axis => shape[axis])]);
                break;
            case 4 when rank == 4:
                int pixels = shape[2] * shape[3];
                Done(maker.Add("Reshape", [x, maker.Whole(0, shape[1], pixels)], module), [shape[0], shape[1], pixels]);
                break;
            case 5:
                int axis5 = random.Next(1, rank), first = random.Next(shape[axis5]), end = random.Next(first, shape[axis5]) + 1;
                string[] slice = [x, maker.Whole(first), maker.Whole(end), maker.Whole(axis5)];
                Done(maker.Add("Slice", slice, module), [.. shape.Select((size, axis) => axis == axis5 ? end - first : size)]);
                break;
            case 6:
                (string Name, int[] Shape)[] like = [.. values.Where(v => v.Shape.SequenceEqual(shape))];
                string pair = new[] { "Add", "Mul", "Sub", "Max" }[random.Next(4)];
                Done(maker.Add(pair, [x, like[random.Next(like.Length)].Name], module), shape);
                break;
            case 7:
                int axis7 = random.Next(1, rank);
                foreach ((string other, int[] its) in values.Where(v => v.Shape.Length == rank
                    && v.Shape.Select((size, axis) => axis == axis7 || size == shape[axis]).All(same => same))
                    .OrderBy(_ => random.Next()).Take(1).ToArray())
                {
                    Done(maker.Add("Concat", [x, other], module, ("axis", axis7)),
                        [.. shape.Select((size, axis) => axis == axis7 ? size + its[axis] : size)]);
                }

                break;
            case 8 when rank == 4:
                int[] padded = [shape[0], shape[1], shape[2] + 1, shape[3] + 2];
                Done(maker.Add("Pad", [x, maker.Whole(0, 0, 1, 0, 0, 0, 0, 2)], module), padded);
                break;
            case 9 when rank == 4 && shape[2] > 1 && shape[3] > 1:
                (string, object)[] pool = [("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 1, 1 })];
                Done(maker.Add(random.Next(2) == 0 ? "MaxPool" : "AveragePool", [x], module, pool),
                    [shape[0], shape[1], shape[2] - 1, shape[3] - 1]);
                break;
            case 10 when rank == 4:
                int[] axes = random.Next(2) == 0 ? [2, 3] : [1, 2];
                Done(maker.Add("ReduceMean", [x, maker.Whole(axes)], module),
                    [.. shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)]);
                break;
            case 11:
                string matrix = maker.Parameter(0, 0.5, shape[^1], 3);
                Done(maker.Add("MatMul", [x, matrix], module), [.. shape[..^1], 3]);
                break;
            case 12 when rank == 4:
                string[] norm = [maker.Parameter(1, 0.5, channels), maker.Parameter(0, 1, channels), maker.Parameter(0, 1, channels),
                    maker.Parameter(1.5, 1, channels)];
                Done(maker.Add("BatchNormalization", [x, .. norm], module), shape);
                break;
            default:
                break;
        }

        void Done(string name, int[] made) => values.Add((name, made));
    }
}
