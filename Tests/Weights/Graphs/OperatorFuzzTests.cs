using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats;
using Interp.Weights.Graphs;
using Interp.Weights.Graphs.Evaluation;

namespace Interp.Tests.Weights.Graphs;

/// <summary>Operators with inputs and attributes drawn at random: each gives a result of the shape and type that it says, or ends in one
/// line.</summary>
[TestClass]
public sealed class OperatorFuzzTests
{
    private const int Trials = 400;

    private static readonly double[] Numbers = [0, 1, 2, 3, 4, -1, -2, -5, 0.5, 1L << 40, -1e19, 1e19, double.NaN, double.PositiveInfinity];
    private static readonly ElementType[] Types = [
        ElementType.Int64, ElementType.Int64, ElementType.Float32, ElementType.Int32, ElementType.UInt8, ElementType.Bool,
        ElementType.Float16, ElementType.Complex64];

    private static readonly string[] Words = [
        "constant", "edge", "reflect", "wrap", "nearest", "CRD", "DCR", "add", "ij,jk->ik", "ii", "", "->", "i,->i", "not_larger",
        "asymmetric", "align_corners", "floor", "?\n"];

    private static readonly string[] Attributes = [
        "axis", "axis", "keepdims", "noop_with_empty_axes", "allowzero", "perm", "num_outputs", "mode", "blocksize", "upper", "axes",
        "coordinate_transformation_mode", "nearest_mode", "keep_aspect_ratio_policy", "value", "value_ints", "start", "end", "k", "dtype",
        "to", "block_size", "output_dtype", "fmod", "equation", "reduction", "exclusive", "reverse", "largest", "select_last_index",
        "batch_dims", "transA", "transB", "alpha", "new_axis", "broadcast", "detect_negative"];

    public static IEnumerable<object[]> Names => ConstantOperators.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TryEvaluate_RandomInput_GivesAResultOrOneLine(string op)
    {
        var random = new Random(op.Sum(c => c));
        for (int trial = 0; trial < Trials; trial++)
        {
            var given = new Dictionary<string, GraphTensor>();
            string[] inputs = [.. Enumerable.Range(0, random.Next(6)).Select(k => random.Next(8) == 0 ? "" : $"x{k}")];
            foreach (string input in inputs.Where(i => i.Length > 0))
            {
                given[input] = Tensor(random);
            }

            var constants = new GraphConstants(given, _ => null, random.Next(2) == 0 ? -1 : GraphConstants.Small);
            OperatorNode node = Operators.Node(op, inputs, ["y", "z"], [.. RandomAttributes(random)]);
            try
            {
                if (constants.TryEvaluate(node) && constants.Find("y") is { } result && result.Count < 1 << 20)
                {
                    Assert.HasCount((int)result.Count, result.Read());
                }
            }
            catch (ModelException e)
            {
                Assert.StartsWith("operator ", e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    private static HeldTensor Tensor(Random random)
    {
        long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(random.Next(6) == 0 ? 1 : 4))];
        int limit = random.Next(4) == 0 ? Numbers.Length : 6;
        return new HeldTensor(
            Types[random.Next(random.Next(2) == 0 ? 2 : Types.Length)], [.. shape],
            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => Numbers[random.Next(limit)])]);
    }

    private static IEnumerable<(string, object)> RandomAttributes(Random random)
    {
        foreach (string name in Enumerable.Range(0, random.Next(3)).Select(_ => Attributes[random.Next(Attributes.Length)]).Distinct())
        {
            yield return (name, name switch
            {
                "perm" or "axes" or "value_ints" =>
                    Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(-1, 3)).ToImmutableArray(),
                "mode" or "equation" or "reduction" => Words[random.Next(Words.Length)],
                _ when name.EndsWith("_mode", StringComparison.Ordinal) || name.EndsWith("policy", StringComparison.Ordinal) =>
                    Words[random.Next(Words.Length)],
                "value" => Tensor(random),
                "alpha" => 0.5,
                _ => random.Next(8) == 0 ? long.MinValue + random.Next(2) : random.Next(8) == 0 ? long.MaxValue : random.Next(-3, 12),
            });
        }
    }
}
