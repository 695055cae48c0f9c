using Interp.Engine.Cpu.Convolution;

namespace Interp.Tests.Engine.Cpu;

/// <summary>A cut gives every pixel to one tile, in order, with tiles of nearly equal size.</summary>
[TestClass]
public sealed class TileCutTests
{
    [TestMethod]
    [DataRow(6)]
    [DataRow(14)]
    public void Cut_AnyCount_CoversItInFewTilesOfNearlyEqualSize(int most)
    {
        for (int count = 1; count <= 200; count++)
        {
            var cut = TileCut.OfAtMost(most, count);
            int next = 0;
            for (int tile = 0; tile < cut.Tiles; tile++)
            {
                Assert.AreEqual(next, cut.Start(tile), $"{count} pixels, tile {tile}");
                Assert.IsInRange(count / cut.Tiles, Math.Min(most, count / cut.Tiles + 1), cut.Rows(tile));
                next += cut.Rows(tile);
            }

            Assert.AreEqual(count, next);
            Assert.AreEqual((int)Math.Ceiling(count / (double)most), cut.Tiles);
        }
    }

    [TestMethod]
    public void Cut_NoPixels_HasNoTiles() => Assert.AreEqual(0, TileCut.OfAtMost(6, 0).Tiles);
}
