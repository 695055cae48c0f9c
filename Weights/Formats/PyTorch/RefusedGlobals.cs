using System.Collections.Frozen;

namespace Interp.Weights.Formats.PyTorch;

/// <summary>
/// Names that end the reading of a file. Every name that means nothing to the reader is kept as a name, since a user's own classes may be
/// called anything; nothing is run in any case. Refused are those that run something where Python loads them, so that a file made for that
/// is said to be one, and the functions that make tensors of kinds which cannot be read, so that no weight is passed over.
/// </summary>
internal static class RefusedGlobals
{
    private const string Trusted = "if you trust the file, load it in Python and save its state dict alone";

    /// <summary>Beginnings of the names of functions that make tensors, and what to do about each; the first that fits counts.</summary>
    private static readonly (string Start, string Advice)[] Tensors =
    [
        ("torch._utils._rebuild_q", "it is a quantized tensor; save it as float32 (.dequantize())"),
        ("torch._utils._rebuild_sparse", "it is a sparse tensor; save it as .to_dense()"),
        ("torch._utils._rebuild_meta", "it is a tensor on the meta device, without values; load the weights before they are saved"),
        ("torch._utils._rebuild", "it is a tensor of a kind that cannot be read; save plain float32 tensors"),
    ];

    private static readonly string[] Functions =
    [
        .. new[] { "eval", "exec", "execfile", "compile", "open", "input", "apply", "globals", "breakpoint", "__import__" }
            .SelectMany(f => new[] { $"builtins.{f}", $"__builtin__.{f}" }),
        "torch.load", "numpy.load", "numpy.fromfile", "numpy.memmap", "io.open", "_io.open", "_io.FileIO",
    ];

    /// <summary>Modules of which nothing is kept.</summary>
    private static readonly string[] Modules =
    [
        "os", "posix", "nt", "sys", "subprocess", "_posixsubprocess", "commands", "popen2", "pty", "shutil", "socket", "ctypes", "_ctypes",
        "runpy", "importlib", "imp", "code", "codeop", "pickle", "_pickle", "cPickle", "marshal", "timeit", "pdb", "bdb", "profile",
        "cProfile", "trace", "doctest", "pydoc", "pip", "setuptools", "ensurepip", "venv", "webbrowser", "urllib", "urllib2", "http",
        "httplib", "requests", "aiohttp", "ftplib", "smtplib", "asyncio", "multiprocessing", "_winapi", "numpy.testing", "numpy.f2py",
        "numpy.distutils", "torch.hub", "torch.jit", "torch.serialization", "torch.utils.cpp_extension", "torch.utils.bottleneck",
        "torch.multiprocessing", "torch._utils",
    ];

    private static readonly FrozenSet<string> Names = Functions.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Owners = Modules.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What to do about a file that refers to this name, or null if the name is kept as a name.</summary>
    public static string? Advice(string name)
    {
        foreach ((string start, string advice) in Tensors)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
            {
                return advice;
            }
        }

        return Names.Contains(name) || Refused(name) ? Trusted : null;
    }

    /// <summary>Whether the name, or what stands before one of its first dots, is one of the modules.</summary>
    private static bool Refused(string name)
    {
        const int Deepest = 3;
        int dot = -1;
        for (int depth = 0; depth < Deepest; depth++)
        {
            dot = name.IndexOf('.', dot + 1);
            if (dot < 0)
            {
                return false;
            }

            if (Owners.Contains(name[..dot]))
            {
                return true;
            }
        }

        return false;
    }
}
