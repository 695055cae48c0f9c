using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interp.Engine.Attribution.Relevance.Rules;
using Interp.Engine.Common;

namespace Interp.Engine.Attribution.Relevance.Files;

/// <summary>
/// Reads a composite from JSON, with comments and trailing commas: <c>{ "name": …, "base": "epsilon-plus", "rules": [ { "kind": "conv2d",
/// "rule": "gamma", "gamma": 0.25 }, … ] }</c>. The first rule that matches a layer wins; the base is a composite by name for layers that
/// none does.
/// </summary>
internal static class CompositeReader
{
    private const int MostRules = 256;

    private static readonly JsonDocumentOptions s_lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false, MaxDepth = 8 };

    private static readonly (string Name, Func<IReadOnlyList<string>, LayerSelector> Of)[] s_selectors =
    [
        ("name", v => LayerSelector.Name(v)), ("kind", v => LayerSelector.Kind(v)),
        ("first", v => LayerSelector.First(v)), ("last", v => LayerSelector.Last(v)),
    ];

    /// <param name="json">The text.</param>
    /// <param name="name">What it is called unless it says so itself.</param>
    /// <exception cref="InputException">It is not a composite; the message says where and what was expected.</exception>
    public static LrpComposite Read(string json, string name)
    {
        using JsonDocument document = Parse(json);
        JsonElement root = document.RootElement.Clone();
        var fields = new JsonFields(root, "the composite");
        fields.AllowOnly("name", "base", "rules");
        string? given = fields.Text("name");
        LrpComposite? basis = fields.Text("base") is { } b ? fields.Checked(() => Composites.Lrp.Find(b), "base: ") : null;
        JsonElement[] rules = fields.List("rules", "rule");
        if (rules.Length > MostRules)
        {
            throw new InputException($"{rules.Length} rules, expected at most {MostRules}");
        }

        IEnumerable<RuleFor> Make(double epsilon, double gamma, ISet<string>? taken = null) =>
        [
            .. rules.Select((r, i) => Rule(new JsonFields(r, $"rule {i + 1}"), new RuleDefaults(epsilon, gamma, taken))),
            .. basis?.Rules(epsilon, gamma) ?? [],
        ];
        var taken = new HashSet<string>();
        _ = Make(Elementwise.Stabilizer, GammaRule.Standard, taken); // So that what is wrong is said at once.
        return new LrpComposite(given ?? name, (epsilon, gamma) => Make(epsilon, gamma))
        {
            Text = OneLine(root),
            Has = option => taken.Contains(option) || basis?.Has(option) == true,
        };
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, s_lenient);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is { } line ? $", line {line + 1}" : "";
            throw new InputException($"not JSON{where}: {e.Message.Split(" LineNumber:")[0]} Expected {{ \"rules\": [ … ] }}", e);
        }
    }

    private static RuleFor Rule(JsonFields fields, RuleDefaults defaults)
    {
        string expected = $"one of {string.Join(", ", RuleKinds.All.Names)}";
        string name = fields.Text("rule") ?? throw fields.Wrong($"has no \"rule\": expected {expected}");
        RuleKind kind = fields.Checked(() => RuleKinds.All.Find(name));
        fields.AllowOnly([.. s_selectors.Select(s => s.Name), "rule", .. kind.Parameters]);
        LayerSelector[] selectors =
            [.. from s in s_selectors let values = fields.Texts(s.Name) where values is not null select s.Of(values)];
        return selectors.Length == 0
            ? throw fields.Wrong("takes no layers: expected \"name\", \"kind\", \"first\" or \"last\"; \"name\": \"*\" takes all it fits")
            : new RuleFor(selectors.Aggregate((a, b) => a.And(b)), kind.Make(fields, defaults));
    }

    private static string OneLine(JsonElement root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
