using System.Collections.Immutable;
using Interp.Engine.Common;
using Interp.Weights.Formats.Hdf5;

namespace Interp.Weights.Keras;

/// <summary>The arrays of a model's layers.</summary>
internal abstract class KerasStore
{
    /// <summary>The arrays of a layer, in Keras's order: those that are trained, then the others.</summary>
    /// <exception cref="ModelException">They are not there, or not to be told apart.</exception>
    internal abstract ImmutableArray<(string Name, Hdf5Dataset Array)> Arrays(KerasLayer layer);

    /// <summary>The arrays of a layer that is a model.</summary>
    /// <inheritdoc cref="Arrays"/>
    internal abstract KerasStore Inner(KerasLayer layer);

    /// <summary>Requires that nothing is left of what the file holds.</summary>
    /// <exception cref="ModelException">There are arrays that no layer has asked for; the message names one.</exception>
    internal abstract void RequireAllUsed();
}
