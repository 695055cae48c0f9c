using Interp.Cli.Output;
using Interp.Cli.Tables;
using Interp.Cli.Tables.Reading;

namespace Interp.Tests.Docs.Generated;

/// <summary>Every recipe of <c>table</c> with the options that it stands for, and the fields that the program makes itself.</summary>
internal static class RecipeReference
{
    private const int Width = 118;

    public static IEnumerable<string> Lines()
    {
        yield return "";
        foreach (TableRecipe recipe in TableRecipe.All)
        {
            yield return $"**`{recipe.Name}`**, of `{recipe.Kind}`: {recipe.Title}.";
            yield return "";
            yield return "```text";
            foreach (string line in FilledText.Lines(recipe.Options.Replace(",image:", ", image:", StringComparison.Ordinal)
                .Replace(",number:", ", number:", StringComparison.Ordinal).Replace(",text:", ", text:", StringComparison.Ordinal), Width))
            {
                yield return line;
            }

            yield return "```";
            yield return "";
        }

        yield return "| field | what it is |";
        yield return "| --- | --- |";
        foreach (DerivedField field in DerivedField.All)
        {
            yield return $"| `{field.Name}` | {field.Summary} |";
        }

        yield return "";
    }
}
