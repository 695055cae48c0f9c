namespace Interp.Engine.LabelSets;

/// <summary>Something that a label set has labels of.</summary>
/// <param name="Name">Its name, as the set spells it.</param>
/// <param name="Category">What kind of thing it is: <c>object</c>, <c>part</c>, <c>scene</c>, <c>material</c>, <c>texture</c>,
/// <c>color</c>, <c>shape</c>, <c>edge</c>, or what else the set says.</param>
public sealed record Concept(string Name, string Category);
