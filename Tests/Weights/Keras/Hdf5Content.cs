using Interp.Weights.Formats;
using Interp.Weights.Formats.Hdf5;

namespace Interp.Tests.Weights.Keras;

/// <summary>Reads what an HDF5 file of scripts/make_keras_fixtures.py holds.</summary>
internal static class Hdf5Content
{
    internal static readonly string[] Datasets = ["plain", "half", "double", "count", "empty", "packed", "pieces", "many/name299"];

    /// <summary>Runs something with an open file.</summary>
    internal static void With(string path, Action<Hdf5File> read)
    {
        using WeightFile file = WeightFile.Open(path);
        read(Hdf5File.Open(file, 0, file.Length));
    }

    /// <summary>All values of a dataset.</summary>
    internal static double[] Values(Hdf5Dataset dataset)
    {
        var values = new double[dataset.Count];
        dataset.Read(0, values);
        return values;
    }

    /// <summary>Reads everything.</summary>
    internal static bool Reads(string path)
    {
        With(path, file =>
        {
            foreach (string name in Datasets.Where(n => file.Root.Names.Contains(n.Split('/')[0])))
            {
                if (file.Root.Dataset(name) is { } dataset)
                {
                    Values(dataset);
                }
            }

            Hdf5Attributes? attributes = file.Root.Group("a")?.Group("b")?.Group("c")?.Attributes;
            foreach (string name in attributes?.Names ?? [])
            {
                attributes!.Texts(name);
            }
        });
        return true;
    }
}
