using Interp.Engine.Common;
using Interp.Weights.Checkpoints;
using Interp.Weights.Formats;

namespace Interp.Tests.Weights.Checkpoints;

/// <summary>The network found among all that a file holds, whatever the file's format.</summary>
[TestClass]
public sealed class NetworkWeightsTests
{
    private static readonly string[] Names = [.. StateDicts.Tiny().Entries.Select(e => e.Name)];

    [TestMethod]
    [DataRow("module.", "'module.' in front of the names")]
    [DataRow("_orig_mod.", "'_orig_mod.' in front")]
    [DataRow("module._orig_mod.", "'_orig_mod.' behind 'module.'")]
    [DataRow("module.module.", "'module.' in front of the names, behind 'module.'")]
    [DataRow("model.", "below 'model'")]
    [DataRow("net.", "below 'net'")]
    [DataRow("backbone.", "below 'backbone'")]
    [DataRow("encoder.", "below 'encoder'")]
    [DataRow("model.module.", "'module.' behind 'model.'")]
    [DataRow("state_dict.anything.", "below 'state_dict.anything'")]
    public void Names_BehindAnyPrefix_AreFoundAndSaid(string prefix, string said)
    {
        NetworkWeights weights = Of(Prefixed(StateDicts.Tiny(), prefix));

        CollectionAssert.AreEquivalent(Names, weights.Entries.Select(e => e.Name).ToArray());
        Assert.Contains(said, string.Join("\n", weights.Assumptions));
        Assert.HasCount(weights.Entries.Count, weights.Entries.Where(e => weights.Read(e).Length == e.Count));
    }

    [TestMethod]
    public void Names_AsTheNetworkHasThem_NeedNoAssumption() => Assert.IsEmpty(Of(StateDicts.Tiny()).Assumptions);

    [TestMethod]
    public void Wrapper_AroundAPart_IsRemovedInTheMiddle()
    {
        NetworkWeights weights = Of(Renamed(StateDicts.Tiny(), n => n.Replace("features.", "features.module.", StringComparison.Ordinal)));

        CollectionAssert.AreEquivalent(Names, weights.Entries.Select(e => e.Name).ToArray());
        Assert.AreEqual("'module.' behind 'features.' is a wrapper's and is left out", weights.Assumptions.Single());
    }

    [TestMethod]
    public void Module_BesideOtherThings_IsNoWrapper()
    {
        NetworkWeights weights = Of(StateDicts.Tiny().Set("module.weight", [2, 2], _ => 1));

        CollectionAssert.Contains(weights.Entries.Select(e => e.Name).ToArray(), "module.weight");
    }

    [TestMethod]
    public void TrainingsTensors_BesideTheNetwork_AreLeftOutAndNamed()
    {
        FakeWeightSource source = Prefixed(StateDicts.Tiny(), "model.").Set("criterion.weight", [5, 5], _ => 1)
            .Set("train_acc.total", [1], _ => 1)
            .Set("n_averaged", [], _ => 3);

        NetworkWeights weights = Of(source);

        CollectionAssert.AreEquivalent(Names, weights.Entries.Select(e => e.Name).ToArray());
        Assert.AreEqual("'criterion.weight', 'train_acc.total' are no part of the network and are left out", weights.Assumptions[^1]);
        Assert.HasCount(Names.Length, Of(StateDicts.Tiny().Set("loss_fn.weight", [5, 5], _ => 1)).Entries);
    }

    [TestMethod]
    public void Layer_BesideTheNetwork_IsAskedAbout()
    {
        FakeWeightSource source = Prefixed(StateDicts.Tiny(), "model.").Set("head.weight", [3, 5], _ => 1);

        Errors.Of<ModelException>(() => Of(source), "'head.weight' [3,5] stands beside the network below 'model'",
            "option 'weights' model takes");
        CollectionAssert.AreEquivalent(Names, Of(source, "model").Entries.Select(e => e.Name).ToArray());
    }

    [TestMethod]
    [DataRow("state_dict", "state_dict_ema")]
    [DataRow("model", "ema")]
    [DataRow("model", "model_ema")]
    [DataRow("net", "ema.module")]
    [DataRow("student", "teacher")]
    [DataRow("state_dict.model", "state_dict.ema_model")]
    [DataRow("params", "params_ema")]
    [DataRow("model", "zzz")]
    [DataRow("", "ema")]
    public void TwoNetworks_TheOneAsTrainedIsTakenAndTheOtherNamed(string first, string second)
    {
        FakeWeightSource source = Both(first, second);
        string key = second.Replace(".module", "", StringComparison.Ordinal);

        NetworkWeights standard = Of(source);
        NetworkWeights other = Of(source, key);

        Assert.AreEqual(1, standard.Read(standard.Entries.Single(e => e.Name == "classifier.0.bias"))[0]);
        Assert.AreEqual(2, other.Read(other.Entries.Single(e => e.Name == "classifier.0.bias"))[0]);
        Assert.HasCount(Names.Length, standard.Entries);
        Assert.HasCount(Names.Length, other.Entries);
        Assert.IsTrue(standard.Assumptions.Any(a => a.Contains($"option 'weights' {key} takes that", StringComparison.Ordinal)),
            string.Join("\n", standard.Assumptions));
    }

    [TestMethod]
    public void TwoNetworks_WithoutOrder_MustBeChosenFrom()
    {
        FakeWeightSource source = Both("encoder_q", "encoder_k");

        Errors.Of<ModelException>(() => Of(source), "holds several networks: 'encoder_k', 'encoder_q'", "option 'weights' encoder_k");
        Assert.HasCount(Names.Length, Of(source, "encoder_q").Entries);
    }

    [TestMethod]
    public void Key_ThatNothingLiesBelow_IsAUsageErrorWithTheKnownOnes()
    {
        Errors.Of<InputException>(() => Of(Both("model", "ema"), "emma"), "option 'weights' emma", "one of ema, model");
        Errors.Of<InputException>(() => Of(StateDicts.Tiny(), "ema"), "option 'weights' ema", "holds one state dict");
        Errors.Of<InputException>(() => Of(StateDicts.Tiny(), ""), "option 'weights'");
    }

    [TestMethod]
    public void WeightNorm_OfAnyAxis_IsGTimesVOverItsNorm()
    {
        double[] v = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(i) + 0.1)];
        (long[] Norms, Func<int, int> Slice)[] axes =
            [([2, 1, 1], i => i / 12), ([1, 3, 1], i => i / 4 % 3), ([1, 1, 4], i => i % 4), ([], _ => 0), ([1, 1, 1], _ => 0)];
        (string G, string V)[] names =
            [("a.weight_g", "a.weight_v"), ("a.parametrizations.weight.original0", "a.parametrizations.weight.original1")];
        foreach ((long[] norms, Func<int, int> slice) in axes)
        {
            foreach ((string first, string second) in names)
            {
                NetworkWeights weights = Of(new FakeWeightSource().Set(first, norms, i => i + 2).Set(second, [2, 3, 4], v));
                var read = new double[20];
                weights.Read(weights.Entries.Single(), 3, read);

                Assert.AreEqual("a.weight", weights.Entries.Single().Name);
                for (int i = 0; i < read.Length; i++)
                {
                    int s = slice(i + 3);
                    double norm = Math.Sqrt(Enumerable.Range(0, 24).Where(k => slice(k) == s).Sum(k => v[k] * v[k]));
                    Assert.AreEqual((s + 2) * v[i + 3] / norm, read[i], 1e-15 * Math.Abs(read[i]), "rounding of a sum of at most 24 terms");
                }
            }
        }

        NetworkWeights unfit = Of(new FakeWeightSource().Set("a.weight_g", [3, 1, 1], _ => 1).Set("a.weight_v", [2, 3, 4], v));
        Errors.Of<ModelException>(() => unfit.Read(unfit.Entries[0]), "'a.weight_g' has shape [3,1,1]");
    }

    [TestMethod]
    public void Parametrization_OfAnotherKind_SaysHowToRemoveIt()
    {
        FakeWeightSource spectral = new FakeWeightSource().Set("a.weight_orig", [2, 2], _ => 1).Set("a.weight_u", [2], _ => 1)
            .Set("a.weight_v", [2], _ => 1);

        Errors.Of<ModelException>(() => Of(spectral), "'a.weight_u'", "remove_spectral_norm");
    }

    [TestMethod]
    [DataRow("normalize.mean", "normalize.std", 1)]
    [DataRow("mean", "std", 1)]
    [DataRow("norm._mean", "norm._std", 1)]
    [DataRow("pixel_mean", "pixel_std", 255)]
    public void MeanAndDeviation_BesideTheNetwork_BecomeThePreprocessing(string mean, string deviation, double scale)
    {
        FakeWeightSource source = StateDicts.Tiny().Set(mean, [3, 1, 1], i => scale * (0.5 - i * 0.125))
            .Set(deviation, [3], _ => scale * 0.25);

        NetworkWeights weights = Of(source);

        CollectionAssert.AreEqual((float[])[0.5f, 0.375f, 0.25f], weights.Normalization!.Value.Mean.ToArray());
        CollectionAssert.AreEqual((float[])[0.25f, 0.25f, 0.25f], weights.Normalization.Value.Deviation.ToArray());
        Assert.HasCount(Names.Length, weights.Entries);
        Assert.Contains($"'{mean}'", weights.Assumptions.Single());
    }

    [TestMethod]
    public void MeanAndDeviation_ThatCannotBe_AreNotUsed()
    {
        NetworkWeights weights = Of(StateDicts.Tiny().Set("normalize.mean", [3], _ => -1).Set("normalize.std", [3], _ => 1));

        Assert.IsNull(weights.Normalization);
        CollectionAssert.Contains(weights.Entries.Select(e => e.Name).ToArray(), "normalize.mean");
    }

    [TestMethod]
    public void Names_WithAMillionParts_TakeLittleTime()
    {
        string deep = string.Concat(Enumerable.Repeat("module.", 200_000)) + "weight";
        long before = GC.GetAllocatedBytesForCurrentThread();

        Of(StateDicts.Tiny().Set(deep, [1], _ => 1));

        Assert.IsLessThan(400L * deep.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static FakeWeightSource Both(string first, string second)
    {
        FakeWeightSource a = Prefixed(StateDicts.Tiny(), first.Length == 0 ? "" : first + "."), 
            b = Prefixed(StateDicts.Tiny(), second + ".");
        foreach (WeightEntry entry in b.Entries)
        {
            a.Set(entry.Name, [.. entry.Shape], _ => 2);
        }

        foreach (WeightEntry entry in a.Entries.Where(e => !b.Entries.Any(o => o.Name == e.Name)).ToArray())
        {
            a.Set(entry.Name, [.. entry.Shape], _ => 1);
        }

        return a;
    }

    private static FakeWeightSource Prefixed(FakeWeightSource source, string prefix) => Renamed(source, n => prefix + n);

    private static FakeWeightSource Renamed(FakeWeightSource source, Func<string, string> name)
    {
        var renamed = new FakeWeightSource();
        foreach (WeightEntry entry in source.Entries)
        {
            renamed.Set(name(entry.Name), [.. entry.Shape], source[entry.Name]);
        }

        return renamed;
    }

    private static NetworkWeights Of(FakeWeightSource source, string? key = null) => new(source, key);
}
