namespace Interp.Weights.Formats.Pickle;

/// <summary>
/// A dict or OrderedDict: its items in the order in which they were set. Keys are not looked up, so that any key is tolerated.
/// </summary>
/// <param name="ordered">Whether it is an OrderedDict, which may carry attributes.</param>
/// <param name="pairs">
/// The list of pairs that it was made from, or null. The list is referred to, not copied: a small pickle can make many dicts of one list.
/// </param>
internal sealed class PickleDict(bool ordered, List<object?>? pairs = null)
{
    private List<KeyValuePair<object?, object?>>? _items;

    /// <summary>Whether it is an OrderedDict.</summary>
    public bool IsOrdered => ordered;

    /// <summary>The items whose key is a string, in order.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Named
    {
        get
        {
            foreach (object? pair in pairs ?? [])
            {
                object? key = pair is List<object?> { Count: 2 } list ? list[0] : pair is object?[] { Length: 2 } tuple ? tuple[0] : null;
                if (key is string name)
                {
                    yield return new(name, pair is List<object?> l ? l[1] : ((object?[])pair!)[1]);
                }
            }

            foreach ((object? key, object? value) in _items ?? [])
            {
                if (key is string name)
                {
                    yield return new(name, value);
                }
            }
        }
    }

    /// <summary>Adds an item.</summary>
    public void Set(object? key, object? value) => (_items ??= []).Add(new(key, value));

    /// <summary>The value of the last item with this key, or null.</summary>
    public object? Find(string name)
    {
        object? found = null;
        foreach ((string key, object? value) in Named)
        {
            found = key == name ? value : found;
        }

        return found;
    }
}
