using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Interp.Engine.Common;

namespace Interp.Engine.Influence.Methods;

/// <summary>δ_i uniform in ±1, whatever the training images are: what chance gives. A test image's sequence is that of the number which its
/// features hash to, so that it does not depend on the others that are asked about.</summary>
internal sealed class RandomScores() : InfluenceMethod("random", "random numbers: what chance gives", "control")
{
    private protected override InfluenceScores Compute(
        InfluenceProblem problem, TestBatch tests, Action<InfluenceProgress>? progress, CancellationToken cancel) =>
        new([.. tests.Tests.Select(test =>
        {
            byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes(test.Features.AsSpan()));
            var rng = new Rng(problem.Options.Seed, InfluenceStreams.RandomScores + BinaryPrimitives.ReadUInt32LittleEndian(hash));
            return Enumerable.Range(0, problem.Count).Select(i => (2 * rng.Uniform((ulong)i)) - 1).ToArray();
        })]);
}
