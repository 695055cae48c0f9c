using System.Reflection;
using Interp.Cuda;
using Interp.Engine.Attribution;
using Interp.Tests.Support;
using Interp.Weights;
using PublicApiGenerator;

namespace Interp.Tests.Packages;

/// <summary>
/// What users of the libraries can call is written down in <c>Tests/Api</c>, so that a change of it is seen when it is made and not when it
/// breaks
/// somebody's program.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    private const string Accept = "INTERP_WRITE_API";

    private static readonly ApiGeneratorOptions Options = new()
    {
        IncludeAssemblyAttributes = false,
        ExcludeAttributes = [
        "System.Runtime.CompilerServices.CompilerGeneratedAttribute", "System.CodeDom.Compiler.GeneratedCodeAttribute"],
    };

    [TestMethod]
    [DataRow(typeof(Explainer))]
    [DataRow(typeof(ModelStore))]
    [DataRow(typeof(CudaBackend))]
    public void PublicApi_OfEachLibrary_IsWhatIsWrittenDown(Type oneOf)
    {
        Assembly assembly = oneOf.Assembly;
        string file = Repository.PathOf("Tests", "Api", $"{assembly.GetName().Name}.txt");
        string found = assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(file, found);
        }

        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        string[] actual = found.TrimEnd().Split('\n');
        string[] changes = [
            .. expected.Except(actual).Select(l => "- " + l.Trim()), .. actual.Except(expected).Select(l => "+ " + l.Trim())];
        Assert.IsTrue(expected.SequenceEqual(actual), $"""
            the public surface of {assembly.GetName().Name} is not what Tests/Api says:
            {string.Join('\n', changes.Take(20))}{(changes.Length > 20 ? $"\n… and {changes.Length - 20} more" : "")}
            If that is meant, '{Accept}=1 scripts/check --filter FullyQualifiedName~PublicApiTests' writes it down; commit the result.
            """);
    }
}
