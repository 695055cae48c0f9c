namespace Interp.Engine.Attribution;

/// <summary>The words of a file that an option of a method takes.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Text">How the file is written.</param>
/// <param name="Entries">Each word with what it means.</param>
public sealed record MethodGlossary(string Title, string Text, IReadOnlyList<(string Name, string Meaning)> Entries);
