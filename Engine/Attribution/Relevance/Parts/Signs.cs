namespace Interp.Engine.Attribution.Relevance.Parts;

/// <summary>Signs of the outputs at which relevance arrives.</summary>
[Flags]
internal enum Signs
{
    /// <summary>Above zero.</summary>
    Positive = 1,

    /// <summary>Below zero.</summary>
    Negative = 2,

    /// <summary>Neither.</summary>
    None = 4,
}
