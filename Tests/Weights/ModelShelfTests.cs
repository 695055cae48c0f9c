using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Weights;

[TestClass]
public sealed class ModelShelfTests
{
    [TestMethod]
    public void Read_BundledUserDamagedAndDoubled_ListsWhatCanBeUsed()
    {
        using var folder = new TemporaryFolder();
        Make(folder["bundled/z"], "z");
        Make(folder["bundled/b"], "b");
        Make(folder["user/a"], "a");
        Make(folder["user/copy-of-b"], "b");
        Make(folder["user/.hidden"], "hidden");
        Make(folder["user/broken"], "broken");
        File.WriteAllText(folder["user/broken/model.json"], "{");
        Directory.CreateDirectory(folder["user/unrelated"]);
        File.WriteAllText(folder["user/file"], "");

        var shelf = new ModelShelf(folder["bundled"], folder["user"]);
        (IReadOnlyList<ModelInfo> models, IReadOnlyDictionary<string, string> problems) = shelf.Read();

        Assert.AreEqual("b:True z:True a:False", string.Join(' ', models.Select(m => $"{m.Name}:{m.Bundled}")));
        Assert.AreEqual(folder["bundled/b"], models[0].Folder);
        CollectionAssert.AreEquivalent((string[])["broken", "unrelated", "copy-of-b"], problems.Keys.ToArray());
        Assert.AreEqual("a", shelf.Load("a").Name);
        Assert.AreEqual("b", shelf.Load(folder["user/copy-of-b"]).Name);
        Errors.Of<ModelException>(() => shelf.Load("broken"), folder["user/broken"]);
        Errors.Of<ModelException>(() => shelf.Load("vgg"), "'vgg'", "there are b, z, a", "convert");
        Errors.Of<ModelException>(() => shelf.Load("../x"), "../x");
        Errors.Of<ModelException>(() => shelf.Load(""), "no such model");
    }

    [TestMethod]
    public void Read_NoFolders_IsEmpty()
    {
        using var folder = new TemporaryFolder();
        var shelf = new ModelShelf(folder["bundled"], folder["user"]);

        Assert.IsEmpty(shelf.Read().Models);
        Assert.IsEmpty(shelf.Read().Problems);
        Errors.Of<ModelException>(() => shelf.Load("x"), "there are none");
    }

    private static void Make(string folder, string name) =>
        ModelConverter.Convert(new("", folder) { Name = name }, StateDicts.Tiny(), null, CancellationToken.None);
}
