namespace Interp.Tests.Cuda.Ptx.Parsing;

/// <summary>Where an instruction stands: its line of PTX and, from the last <c>.loc</c>, the line of the source that it was compiled
/// from.</summary>
internal readonly record struct PlaceInText(string File, int Line, int SourceLine)
{
    public override string ToString() =>
        SourceLine == 0 ? $"{File}:{Line}" : $"{File}:{Line} ({Path.ChangeExtension(File, ".cu")}:{SourceLine})";
}
