using Interp.Cli.Output;
using Interp.Engine.Dissection;
using Interp.Engine.Graph;
using Interp.Engine.LabelSets;

namespace Interp.Cli.Dissection;

/// <summary>What a dissection is about, and where its results go.</summary>
/// <param name="Network">The network.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Options">How it is done.</param>
/// <param name="Root">The folder of all layers' results.</param>
internal sealed record DissectContext(Network Network, LabelSet Labels, DissectionOptions Options, string Root)
{
    /// <summary>Where what a stopped run knows is kept.</summary>
    internal string StatePath => Path.Combine(Root, "progress.bin");

    internal string FolderOf(string layer) => Path.Combine(Root, SafeName.Of(layer));
}
