using Interp.Engine.Backends;

namespace Interp.Engine.Cpu.Convolution;

/// <summary>What a session wants of its convolutions.</summary>
/// <param name="Choice">The algorithm.</param>
/// <param name="PacksEachRun">
/// Whether the direct convolution packs its filters into working memory for each run, to save memory, instead of keeping them.
/// </param>
/// <param name="Backward">Whether there will be backward passes.</param>
/// <param name="Filters">Prepared filters.</param>
internal sealed record ConvPlan(ConvChoice Choice, bool PacksEachRun, bool Backward, FilterCache Filters);
