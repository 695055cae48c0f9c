namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>A word, number, string or sign of PTX text; <paramref name="Line"/> counts from 1.</summary>
internal readonly record struct Token(string Text, int Line);
