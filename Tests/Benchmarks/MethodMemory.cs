using Interp.Engine.Attribution;
using Interp.Engine.Cpu;
using Interp.Engine.Graph;
using Interp.Engine.Imaging;

namespace Interp.Benchmarks;

/// <summary>
/// The peak of a process that explains one image by one method: <see cref="PeakMemory"/>. Long methods run a few batches only, which is as
/// much as
/// they ever hold.
/// </summary>
internal static class MethodMemory
{
    /// <summary>The hidden command by which this program measures itself.</summary>
    public const string Command = "peak-method";

    private const string Ours = "ours";
    private const int FewBatches = 64;

    /// <summary>Our peak in MiB.</summary>
    public static string OfOurs(MethodRow row) => PeakMemory.OfChild(Command, Ours, row.Title);

    /// <summary>The other library's peak in MiB.</summary>
    public static string OfTheirs(MethodRow row) => row.Twin is null ? "–" : PeakMemory.OfChild(Command, row.Twin.Name, row.Title);

    /// <summary>Runs in the process that is measured.</summary>
    public static void RunHere(string who, string title)
    {
        MethodRow row = MethodRow.All.First(r => r.Title == title && (who == Ours || r.Twin?.Name == who));
        PeakMemory.Measure(who == Ours ? PrepareOurs(row) : PrepareTheirs(row));
    }

    private static Action PrepareOurs(MethodRow row)
    {
        Network network = Networks.Vgg(16);
        NetworkInput photo = MethodSubject.Photo(network);
        return () =>
        {
            using var backend = new CpuBackend();
            using var explainer = new Explainer(network, backend);
            MethodSubject.Explain(explainer, photo, row, brief: true);
        };
    }

    private static Action PrepareTheirs(MethodRow row)
    {
        TorchLibrary.Load();
        Network network = Networks.Vgg(16);
        TorchMethods.TorchSubject subject = MethodSubject.InTorch(network, MethodSubject.Photo(network));
        return () => MethodSubject.Run(row.Twin!, subject, FewBatches);
    }
}
