namespace Interp.Weights.Formats.Pickle;

/// <summary>
/// Gives meaning to the parts of a pickle that refer to something outside it. The reader itself calls nothing: a host maps the few names
/// that it knows to plain data.
/// </summary>
internal interface IPickleHost
{
    /// <summary>What a reference to <c>module.name</c> stands for; an error if the name is not allowed.</summary>
    object Global(string module, string name);

    /// <summary>The result of applying what <see cref="Global"/> gave to arguments; an error if it cannot be applied.</summary>
    object Apply(object? callable, object?[] arguments);

    /// <summary>The object of a persistent id.</summary>
    object Persistent(object? id);
}
