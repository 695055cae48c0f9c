namespace Interp.Engine.LabelSets.Reading;

/// <summary>A line of a list of concepts.</summary>
/// <param name="Id">Its number; null where the list has none.</param>
/// <param name="Name">The name.</param>
/// <param name="Category">The category; null where the list has none.</param>
/// <param name="Color">Its colour in masks, R·65536 + G·256 + B; null where the list has none.</param>
internal readonly record struct ConceptLine(long? Id, string Name, string? Category = null, int? Color = null);
