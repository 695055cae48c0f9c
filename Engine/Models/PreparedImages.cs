namespace Interp.Engine.Models;

/// <summary>Which image files are a network's input already, and are neither resized nor cropped.</summary>
public enum PreparedImages
{
    /// <summary>PNG files that say so (<see cref="Imaging.PreparedMark"/>) and have the network's input size.</summary>
    Marked,

    /// <summary>All of them; one of another size is an error.</summary>
    Always,

    /// <summary>None, whatever they say.</summary>
    Never,
}
