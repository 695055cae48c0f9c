using System.Reflection;
using Interp.Tests.Support;

namespace Interp.Tests.Cuda.Native;

/// <summary>A function of NVIDIA's libraries as <c>Fixtures/cuda/signatures.tsv</c> has it.</summary>
internal sealed record CFunction(string Library, string Name, CType Returns, (CType Type, string Name)[] Parameters)
{
    public static IReadOnlyDictionary<string, CFunction> All { get; } = Tsv.Read("cuda", "signatures.tsv")
        .Select(r => new CFunction(r["library"], r["name"], CType.Parse(r["returns"]), ParseParameters(r["parameters"]))).ToDictionary(
        f => f.Name);

    /// <summary>What is wrong with a binding, or null.</summary>
    public static string? Fault(string library, MethodInfo method)
    {
        if (!All.TryGetValue(method.Name, out CFunction? function) || function.Library != library)
        {
            return $"{library} has no {method.Name} in the table of signatures";
        }

        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length != function.Parameters.Length)
        {
            return $"{method.Name} has {function.Parameters.Length} parameters, the binding {parameters.Length}";
        }

        if (!function.Returns.Fits(method.ReturnType))
        {
            return $"{method.Name} returns {function.Returns}, the binding {method.ReturnType}";
        }

        return parameters.Select((p, i) => function.Fault(p, i)).FirstOrDefault(f => f is not null);
    }

    /// <summary>A parameter of another type, or one that is called as another of the function's is.</summary>
    private string? Fault(ParameterInfo parameter, int index)
    {
        (CType type, string name) = Parameters[index];
        if (!type.Fits(parameter.ParameterType))
        {
            return $"{Name}: parameter {name} is {type}, in the binding {parameter.ParameterType}";
        }

        string called = Role(parameter.Name!);
        return called != Role(name) && Parameters.Any(p => Role(p.Name) == called) ? $"{Name}: {parameter.Name} stands where {name} belongs"
            : null;
    }

    /// <summary>A name without what tells a tensor from its descriptor, for types do that.</summary>
    private static string Role(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("Descriptor", "", StringComparison.Ordinal).Replace(
        "Desc", "", StringComparison.Ordinal);

    private static (CType Type, string Name)[] ParseParameters(string text) => text == "void" ? [] : [.. text.Split(", ").Select(p =>
    {
        int name = p.LastIndexOf(' ');
        return (CType.Parse(p[..name]), p[(name + 1)..]);
    })];
}
