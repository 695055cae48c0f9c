using System.Text;
using Interp.Cli.Output;
using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Tests.Support;

namespace Interp.Tests.Engine.Imaging;

[TestClass]
public sealed class PreparedMarkTests
{
    private static readonly RgbImage s_image = new(16, 16, [.. Enumerable.Range(0, 3 * 256).Select(i => (byte)(37 * i))]);

    [TestMethod]
    public void Marked_IsTakenAsItIs_WhereTheSizeFits()
    {
        byte[] marked = PngChunks.EncodePrepared(s_image), plain = PngChunks.Encode(s_image);
        Network same = Enlarging(16);

        Assert.AreEqual("16x16", PreparedMark.Read(marked));
        Assert.IsNull(PreparedMark.Read(plain));
        Assert.AreSame(same, same.With(PreparedImages.Marked));
        NetworkInput taken = NetworkInput.FromImage(marked, "a.png", same), prepared = NetworkInput.FromImage(plain, "a.png", same);
        Assert.IsTrue(taken.IsPrepared);
        CollectionAssert.AreEqual(s_image.Pixels, taken.Image.Pixels);
        CollectionAssert.AreEqual(Normalization.ToTensor(s_image, same.Preprocessing), taken.Tensor);
        Assert.Contains("taken as it is", taken.Remark!);
        Assert.IsFalse(prepared.IsPrepared);
        CollectionAssert.AreNotEqual(s_image.Pixels, prepared.Image.Pixels);

        NetworkInput never = NetworkInput.FromImage(marked, "a.png", same.With(PreparedImages.Never));
        CollectionAssert.AreEqual(prepared.Tensor, never.Tensor);
        Assert.IsNull(never.Remark);
        CollectionAssert.AreEqual(taken.Tensor, NetworkInput.FromImage(plain, "a.png", same.With(PreparedImages.Always)).Tensor);
    }

    [TestMethod]
    public void Marked_OfAnotherSize_IsPrepared_AndSaidToBe()
    {
        byte[] marked = PngChunks.EncodePrepared(s_image);
        NetworkInput input = NetworkInput.FromImage(marked, "a.png", Enlarging(12));
        Assert.IsFalse(input.IsPrepared);
        Assert.Contains("the network's input is 12x12", input.Remark!);
        string message = Assert.ThrowsExactly<InputException>(
            () => NetworkInput.FromImage(marked, "a.png", Enlarging(12).With(PreparedImages.Always))).Message;
        Assert.Contains("16x16", message);
        Assert.Contains("12x12", message);
    }

    [TestMethod]
    public void Read_OfDamagedFiles_FindsNothingAndThrowsNothing()
    {
        byte[] marked = PngChunks.EncodePrepared(s_image);
        var rng = new Rng(11);
        for (int i = 0; i < 3000; i++)
        {
            byte[] mutant = [.. marked[..(int)(marked.Length * rng.Uniform((ulong)(3 * i)))]];
            for (int k = 0; k < 3 && mutant.Length > 0; k++)
            {
                int at = (int)(Math.Min(80, mutant.Length) * rng.Uniform((ulong)((10 * i) + k)));
                mutant[at] ^= (byte)(255 * rng.Uniform((ulong)((7 * i) + k)));
            }

            string? text = PreparedMark.Read(mutant);
            Assert.IsTrue(text is null || text.Length <= 32);
        }

        Assert.IsNull(PreparedMark.Read(Encoding.ASCII.GetBytes("interp:prepared=16x16")));
    }

    /// <summary>A network that enlarges images before it cuts, so that preparing is seen to change them.</summary>
    private static Network Enlarging(int size) => new NetworkBuilder(3).Then("flat", new Interp.Engine.Layers.Flatten())
        .BuildWithoutClasses("enlarging", new Preprocessing { InputSize = size, ResizeShorterSide = 2 * size });
}
