using System.Collections.Immutable;

namespace Interp.Engine.Attribution;

/// <summary>Methods that work alike.</summary>
/// <param name="Title">What they have in common, in a few words.</param>
/// <param name="Methods">The methods in the order in which they are listed.</param>
public sealed record AttributionFamily(string Title, ImmutableArray<AttributionMethod> Methods);
