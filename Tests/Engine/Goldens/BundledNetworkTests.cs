using Interp.Engine.Backends;
using Interp.Engine.Cpu;
using Interp.Engine.Imaging;
using Interp.Engine.Tensors;
using Interp.Tests.Support;
using Interp.Weights;

namespace Interp.Tests.Engine.Goldens;

/// <summary>vgg16-200 at full size against PyTorch in float64, on the same preprocessed pixels and on photos.</summary>
[TestClass]
public sealed class BundledNetworkTests
{
    [TestMethod]
    [DataRow("astronaut")]
    [DataRow("chelsea")]
    [DataRow("coffee")]
    [DataRow("rocket")]
    public void Logits_SamePixels_MatchPyTorch(string photo) => WithSession(session =>
    {
        RgbImage image = ImageFile.Read(Golden.Path("vgg16-200", $"{photo}-224.png"));
        session.Forward(Normalization.ToTensor(image, session.Network.Preprocessing));
        TensorAssert.RelativeL2(Golden.Array("vgg16-200", $"{photo}-logits.npy").Values, session.Logits(), 1e-5, "the project's bound");
    });

    [TestMethod]
    public void Top1_AllPhotos_AsInPyTorch() => WithSession(session =>
    {
        string photos = SharedFolder.Find("data/photos");
        foreach ((string name, int expected) in Golden.Json<Dictionary<string, int>>("vgg16-200", "top1.json"))
        {
            string path = Path.Combine(photos, name);
            path = File.Exists(path) ? path : Path.Combine(photos, "public-domain", name);
            session.Forward(NetworkInput.Read(path, session.Network)[0].Tensor);
            float[] logits = session.Logits();
            Assert.AreEqual(expected, Array.IndexOf(logits, logits.Max()), name);
        }
    });

    /// <summary>The shipped model where it is, else one converted from the weight file that it comes from.</summary>
    private static void WithSession(Action<Session> test)
    {
        using var folder = new TemporaryFolder();
        string model = ModelStore.DefaultModel;
        if (!ModelStore.List().Any(m => m.Name == model))
        {
            string source = SharedFolder.Find("models/vgg16-200/vgg16-200.pth");
            model = ModelConverter.Convert(new ConversionRequest(source, folder[model]) { DType = DType.Float16 }).Folder;
        }

        using var backend = new CpuBackend();
        using Session session = backend.Open(ModelStore.Load(model), new SessionOptions { Backward = false });
        test(session);
    }
}
