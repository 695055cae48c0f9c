using Interp.Engine.Common;

namespace Interp.Tests.Weights;

/// <summary>Checks of error messages.</summary>
internal static class Errors
{
    /// <summary>The action throws exactly this error, in one line that holds the given words.</summary>
    internal static T Of<T>(Action action, params string[] words)
        where T : InterpException
    {
        T error = Assert.ThrowsExactly<T>(action);
        Assert.DoesNotContain('\n', error.Message);
        foreach (string word in words)
        {
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }

        return error;
    }
}
