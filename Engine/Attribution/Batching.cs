using Interp.Engine.Backends;

namespace Interp.Engine.Attribution;

/// <summary>Makes one input of a batch: by one thread in the order of the indices, unless who asks for it says that any order and several
/// threads at once will do.</summary>
/// <param name="index">Which, from 0.</param>
/// <param name="input">Its place, <c>[C,H,W]</c> in normalised units; holds anything before.</param>
public delegate void InputFiller(int index, Span<float> input);

/// <summary>Takes what a batch gave.</summary>
/// <param name="session">Has run forward.</param>
/// <param name="first">Index of the input in row 0.</param>
/// <param name="count">Number of inputs: all rows of the session's batch.</param>
public delegate void BatchUser(Session session, int first, int count);

/// <summary>Takes the gradient at one input.</summary>
/// <param name="index">Which input.</param>
/// <param name="gradient"><c>[C,H,W]</c>.</param>
/// <param name="score">The target's value there.</param>
public delegate void GradientUser(int index, ReadOnlySpan<float> gradient, double score);
