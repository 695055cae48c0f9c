namespace Interp.Engine.Common;

/// <summary>
/// An error that a user can act on. Its message is one line that names the file or option, what was expected and what was found,
/// and what to do next. The program's exit code follows from the type.
/// </summary>
public abstract class InterpException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Wrong usage or an unreadable input: an option out of range, an image that cannot be decoded. Exit code 2.</summary>
public sealed class InputException(string message, Exception? cause = null) : InterpException(message, cause);

/// <summary>A model or weight file that cannot be used: truncated, hostile, of an unknown form, with shapes that do not fit. Exit code
/// 3.</summary>
public sealed class ModelException(string message, Exception? cause = null) : InterpException(message, cause);

/// <summary>A backend or device that is not available. Exit code 4.</summary>
public class BackendException(string message, Exception? cause = null) : InterpException(message, cause);

/// <summary>A result that cannot be written. Exit code 5.</summary>
public sealed class OutputException(string message, Exception? cause = null) : InterpException(message, cause);
