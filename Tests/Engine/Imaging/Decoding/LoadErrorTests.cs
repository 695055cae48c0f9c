using System.Reflection;
using System.Runtime.Loader;
using Interp.Engine.Imaging;

namespace Interp.Tests.Engine.Imaging.Decoding;

/// <summary>A program that was copied without one of its libraries.</summary>
[TestClass]
public sealed class LoadErrorTests
{
    [TestMethod]
    public void Decode_ImageLibraryMissing_IsNotTheFilesFault()
    {
        var context = new WithoutImageLibrary();
        try
        {
            MethodInfo decode = context.LoadFromAssemblyPath(typeof(ImageFile).Assembly.Location)
                .GetType(typeof(ImageFile).FullName!, throwOnError: true)!.GetMethod(nameof(ImageFile.Decode))!;
            byte[] sound = File.ReadAllBytes(ImageFixtures.PathOf("rgb.png"));

            Exception? error = Assert.ThrowsExactly<TargetInvocationException>(
                () => decode.Invoke(null, [sound, "rgb.png"])).InnerException;

            Assert.IsInstanceOfType<FileNotFoundException>(error);
            StringAssert.Contains(error.Message, "StbImageSharp");
        }
        finally
        {
            context.Unload();
        }
    }

    private sealed class WithoutImageLibrary() : AssemblyLoadContext("without the image library", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName name) => name.Name == "StbImageSharp"
            ? throw new FileNotFoundException($"Could not load file or assembly '{name}'", name.FullName)
            : null;
    }
}
