using Interp.Engine.Common;
using Interp.Tests.Support;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Architectures;
using Interp.Weights.Plans;

namespace Interp.Tests.Weights.Timm;

/// <summary>What is read of timm's <c>config.json</c>, and what of its networks is known by name.</summary>
[TestClass]
public sealed class TimmConfigTests
{
    [TestMethod]
    public void Beside_NestedForm_GivesPreprocessingAndSettings()
    {
        TimmConfig config = Read("""
            {"architecture": "tf_efficientnet_b1", "num_classes": 2, "label_names": ["n1", "n2"], "label_descriptions": {"n1": "a cat"},
             "model_args": {"act_layer": "relu6", "pad_type": "", "bn_eps": 0.002, "drop_rate": 0.1},
             "pretrained_cfg": {"input_size": [3, 240, 240], "crop_pct": 0.882, "interpolation": "bicubic", "crop_mode": "squash",
                                "mean": [0.5, 0.4, 0.3], "std": [0.1, 0.2, 0.3]}}
            """)!;

        var expected = new TimmSettings("tf_efficientnet_b1") { Activation = "relu6", SamePadding = false, Epsilon = 0.002 };
        Assert.AreEqual(expected, config.Settings);
        Assert.AreEqual(240, config.Preprocessing!.InputSize);
        Assert.AreEqual(272, config.Preprocessing.ResizeShorterSide, "240 / 0.882 rounded down");
        Assert.IsTrue(config.Preprocessing.Stretch);
        Assert.AreEqual(0.3f, config.Preprocessing.Deviation[2]);
        Assert.AreEqual("a cat,n2", string.Join(',', config.Labels!.Value));
        config.RequireUnderstood();
    }

    [TestMethod]
    public void Beside_FlatFormOfOldFiles_IsRead()
    {
        TimmConfig config = Read(
            """{"architecture": "resnet18", "input_size": [3, 160, 160], "crop_pct": 0.95, "interpolation": "lanczos"}""")!;
        Assert.AreEqual(168, config.Preprocessing!.ResizeShorterSide);
        Assert.Contains("lanczos", config.Assumptions[1]);
    }

    [TestMethod]
    [DataRow("""{"architecture": "resnet18", "model_args": {"output_stride": 8}}""", "model_args 'output_stride'")]
    [DataRow("""{"architecture": "resnet18", "global_pool": "catavgmax"}""", "global_pool 'catavgmax'")]
    public void RequireUnderstood_WhatChangesTheNetwork_IsRefused(string json, string word) =>
        Errors.Of<ModelException>(() => Read(json)!.RequireUnderstood(), word, "ONNX");

    [TestMethod]
    [DataRow("{", "config.json")]
    [DataRow("""{"architecture": "a", "input_size": [4, 224, 192]}""", "224, 192")]
    [DataRow("""{"architecture": "a", "input_size": [3, 1e99, 1e99]}""", "expected 1 or 3 channels")]
    [DataRow("""{"architecture": "a", "input_size": [3, 224, 224], "crop_pct": 0}""", "crop_pct 0")]
    [DataRow("""{"architecture": "a", "input_size": [3, 224, 224], "mean": [1, 2]}""", "mean has 2 numbers")]
    public void Beside_BadConfig_IsOneLine(string json, string word) => Errors.Of<ModelException>(() => Read(json), word, "config.json");

    [TestMethod]
    [DataRow("""{"model_type": "resnet"}""")]
    [DataRow("[]")]
    [DataRow("1")]
    public void Beside_AnotherPackagesConfig_IsNoneOfTimms(string json) => Assert.IsNull(Read(json));

    [TestMethod]
    [DataRow("efficientnet_b0", "1 2 2 2 1 2 1", "silu", false, 1e-5)]
    [DataRow("tf_efficientnet_b7", "1 2 2 2 1 2 1", "silu", true, 1e-3)]
    [DataRow("tf_efficientnet_lite4", "1 2 2 2 1 2 1", "relu6", true, 1e-3)]
    [DataRow("efficientnet_es", "1 2 2 2 1 2", "relu", false, 1e-5)]
    [DataRow("tf_efficientnetv2_b0", "1 2 2 2 1 2", "silu", true, 1e-3)]
    [DataRow("efficientnetv2_rw_s", "1 2 2 2 1 2", "silu", false, 1e-5)]
    [DataRow("tf_efficientnetv2_xl", "1 2 2 2 1 2 1", "silu", true, 1e-3)]
    [DataRow("mobilenetv2_100", "1 2 2 2 1 2 1", "relu6", false, 1e-5)]
    [DataRow("mobilenetv3_large_100", "1 2 2 2 1 2 1", "hardswish", false, 1e-5)]
    [DataRow("tf_mobilenetv3_small_minimal_100", "2 2 2 1 2 1", "relu", true, 1e-3)]
    [DataRow("semnasnet_100", "1 2 2 2 1 2 1", "relu", false, 1e-5)]
    public void EfficientNets_ByName(string name, string strides, string activation, bool same, double epsilon)
    {
        TimmEfficientNets network = TimmEfficientNets.Find(new TimmSettings(name));
        Assert.AreEqual(strides, string.Join(' ', network.Strides));
        Assert.AreEqual(activation, network.Activation);
        Assert.AreEqual(same, network.SamePadding);
        Assert.AreEqual(epsilon, network.Epsilon);
    }

    [TestMethod]
    [DataRow("mixnet_s")]
    [DataRow("mobilenetv3_rw")]
    [DataRow("fbnetc_100")]
    public void EfficientNets_UnknownName_IsRefused(string name) =>
        Errors.Of<ModelException>(() => TimmEfficientNets.Find(new TimmSettings(name)), name, "known are");

    [TestMethod]
    public void Parse_Mutants_AreReadOrRefusedInOneLine()
    {
        // INTERP_CONFIG_MUTANTS sets more than the usual number.
        int mutants = Damage.Count("INTERP_CONFIG_MUTANTS", 20_000);
        byte[] whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "timm", "resnet26d", "config.json"));
        var random = new Random(3);
        int read = 0, refused = 0;
        for (int i = 0; i < mutants; i++)
        {
            byte[] text = [.. whole];
            for (int k = random.Next(1, 6); k > 0; k--)
            {
                int at = random.Next(text.Length);
                text[at] = random.Next(3) == 0 ? (byte)random.Next(256) : "0123456789-.eE,:[]{}\"ntx"u8[random.Next(24)];
                text = random.Next(8) == 0 ? text[..random.Next(1, text.Length)] : text;
            }

            try
            {
                TimmConfig.Parse("config.json", text)?.RequireUnderstood();
                read++;
            }
            catch (ModelException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }

        Assert.IsGreaterThan(mutants / 100, read);
        Assert.IsGreaterThan(mutants / 100, refused);
    }

    private static TimmConfig? Read(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], json);
        return TimmConfig.Beside(folder["model.safetensors"]);
    }
}
