using System.Globalization;
using Interp.Engine.Common;

namespace Interp.Engine.LabelSets.Reading;

/// <summary>
/// The concepts of a set under the numbers that its files use: as they are added each gets its label. Names that mean nothing in
/// particular (background) or nothing known (void) get the labels of that. A name given twice stays two concepts, and this is said.
/// </summary>
internal sealed class ConceptTable
{
    private static readonly HashSet<string> s_none = new(StringComparer.OrdinalIgnoreCase)
    {
        "background", "_background_", "__background__", "unlabeled", "unlabelled", "none", "bg",
    };

    private static readonly HashSet<string> s_void = new(StringComparer.OrdinalIgnoreCase)
    {
        "void", "ignore", "__ignore__", "ignored", "_ignore_", "don't care", "dontcare", "out of roi",
    };

    private readonly List<Concept> _concepts = [];
    private readonly HashSet<Concept> _taken = [];
    private readonly Dictionary<long, ushort> _labels = [];
    private readonly List<string> _remarks = [];

    /// <summary>The concepts so far.</summary>
    public IReadOnlyList<Concept> Concepts => _concepts;

    /// <summary>What was guessed or is doubtful.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Adds a concept.</summary>
    /// <param name="id">Its number in the files.</param>
    /// <param name="name">Its name.</param>
    /// <param name="category">Its category.</param>
    /// <param name="plain">Whether a name such as "background" means that and nothing else.</param>
    /// <exception cref="InputException">There are more than a set may have.</exception>
    public void Add(long id, string name, string category, bool plain = false)
    {
        string clean = LabelNames.Clean(name);
        if (_labels.ContainsKey(id))
        {
            _remarks.Add($"number {Text(id)} is given twice: {LabelNames.Quote(clean)} is left out");
            return;
        }

        if (!plain && (s_none.Contains(clean) || s_void.Contains(clean)))
        {
            bool isVoid = s_void.Contains(clean);
            _remarks.Add($"number {Text(id)}, '{clean}', is taken for {(isVoid ? "unknown: left out of every count" : "no label")}");
            _labels.Add(id, isVoid ? LabelPlane.Void : (ushort)0);
            return;
        }

        _labels.Add(id, Label(clean.Length > 0 ? clean : $"number {Text(id)}", category, $"number {Text(id)}"));
    }

    /// <summary>Gives a number a meaning that is no concept's: no label, or <see cref="LabelPlane.Void"/>.</summary>
    public void Set(long id, ushort label) => _labels.TryAdd(id, label);

    /// <summary>The label of a new concept.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="category">Its category.</param>
    /// <param name="which">What tells it from another of the same name.</param>
    public ushort Label(string name, string category, string which)
    {
        var concept = new Concept(name, category);
        for (int k = 2; !_taken.Add(concept); k++)
        {
            if (k == 2)
            {
                _remarks.Add($"the name '{name}' is given twice: {which} is called '{name} ({which})'; they are not merged");
            }

            concept = concept with { Name = k == 2 ? $"{name} ({which})" : $"{name} ({which}, {k - 1})" };
        }

        _concepts.Add(concept);
        return _concepts.Count <= LabelPlane.MostConcepts ? (ushort)_concepts.Count
            : throw new InputException($"more than {LabelPlane.MostConcepts} concepts, expected fewer");
    }

    /// <summary>The category of a label; of no label and <see cref="LabelPlane.Void"/> that of the first concept.</summary>
    public string CategoryOf(ushort label) =>
        _concepts.Count == 0 ? "object" : _concepts[label is 0 or LabelPlane.Void ? 0 : label - 1].Category;

    /// <summary>The label of a number: 0 for no label, <see cref="LabelPlane.Void"/>, or a concept's; null if it has no meaning.</summary>
    public ushort? Of(long id) => _labels.TryGetValue(id, out ushort label) ? label : null;

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
