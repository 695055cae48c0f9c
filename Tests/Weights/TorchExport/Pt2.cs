using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Interp.Engine.Common;
using Interp.Tests.Weights.Formats;
using Interp.Weights;
using Interp.Weights.Graphs;

namespace Interp.Tests.Weights.TorchExport;

/// <summary>An archive of torch.export made by hand: a network of one input <c>x</c> and what is added.</summary>
internal sealed class Pt2
{
    private readonly List<string> _inputs = [];
    private readonly List<string> _nodes = [];
    private readonly List<string> _values = [];
    private readonly List<string> _weights = [];
    private readonly List<(string Name, byte[] Content)> _entries = [];
    private string _output = "";

    /// <summary>A network whose input is of that shape.</summary>
    internal Pt2(params long[] shape) => Tensor("x", shape);

    internal string Folder { get; set; } = "net/";

    internal string Schema { get; set; } = "{\"major\": 8, \"minor\": 20}";

    internal string ArchiveVersion { get; set; } = "0";

    internal string ByteOrder { get; set; } = "little";

    /// <summary>A parameter with a storage of its own.</summary>
    internal Pt2 Parameter(string name, long[] shape, params float[] values)
    {
        Storage($"weight_{_weights.Count}", values);
        return View(name, $"weight_{_weights.Count}", shape, Strides(shape), 0);
    }

    /// <summary>The storage of that name.</summary>
    internal Pt2 Storage(string path, params float[] values) =>
        Entry($"data/weights/{path}", MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>A parameter that is a view of a storage.</summary>
    internal Pt2 View(string name, string path, long[] shape, long[] strides, long offset, int type = 7, string kind = "parameter")
    {
        string value = "p_" + name.Replace('.', '_');
        _weights.Add($"\"{name}\": {{\"path_name\": \"{path}\", \"is_param\": true, \"use_pickle\": false, "
            + $"\"tensor_meta\": {Meta(shape, strides, offset, type)}}}");
        _inputs.Add($"{{\"{kind}\": {{\"arg\": {{\"name\": \"{value}\"}}, \"{kind}_name\": \"{name}\"}}}}");
        return Tensor(value, shape, type);
    }

    /// <summary>What is said of a value.</summary>
    internal Pt2 Tensor(string value, long[] shape, int type = 7)
    {
        _values.Add($"\"{value}\": {Meta(shape, Strides(shape), 0, type)}");
        return this;
    }

    /// <summary>An operator: <c>Node("relu.default", "y", "self=x")</c>; the last one's first result comes out.</summary>
    /// <param name="target">Which, without its namespace; one with a namespace is left as it is.</param>
    /// <param name="outputs">Its results' names, separated by commas; in brackets they are one list.</param>
    /// <param name="arguments">Its arguments: name=value, where a value is a tensor's name or <c>kind:JSON</c>.</param>
    internal Pt2 Node(string target, string outputs, params string[] arguments) => NodeIn("", target, outputs, arguments);

    /// <summary>The same with the modules that call it.</summary>
    internal Pt2 NodeIn(string stack, string target, string outputs, params string[] arguments)
    {
        string full = target.Contains("torch.ops", StringComparison.Ordinal) || target.StartsWith('_') && target.Contains("operator")
            ? target : "torch.ops.aten." + target;
        string[] names = outputs.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries);
        string made = outputs.StartsWith('[')
            ? $"{{\"as_tensors\": [{string.Join(", ", names.Select(n => $"{{\"name\": \"{n}\"}}"))}]}}"
            : string.Join(", ", names.Select(n => n.StartsWith("s_", StringComparison.Ordinal)
                ? $"{{\"as_sym_int\": {{\"as_name\": \"{n}\"}}}}" : $"{{\"as_tensor\": {{\"name\": \"{n}\"}}}}"));
        _nodes.Add($"{{\"target\": \"{full}\", \"inputs\": [{string.Join(", ", arguments.Select(Argument))}], \"outputs\": [{made}], "
            + $"\"metadata\": {{\"nn_module_stack\": \"{stack}\", \"stack_trace\": \"File x.py\"}}, "
            + $"\"name\": \"{names.FirstOrDefault() ?? "n"}\", "
            + "\"later\": [1, {}]}");
        _output = names.FirstOrDefault() ?? _output;
        return this;
    }

    /// <summary>Another entry of the archive.</summary>
    internal Pt2 Entry(string name, byte[] content)
    {
        _entries.Add((name, content));
        return this;
    }

    /// <summary>The program's JSON.</summary>
    internal string Json(string? outputs = null)
    {
        string user = "{\"user_input\": {\"arg\": {\"as_tensor\": {\"name\": \"x\"}}}}";
        string result = outputs ?? $"{{\"user_output\": {{\"arg\": {{\"as_tensor\": {{\"name\": \"{_output}\"}}}}}}}}";
        string graph = $"\"inputs\": [], \"outputs\": [], \"nodes\": [{string.Join(", ", _nodes)}], "
            + $"\"tensor_values\": {{{string.Join(", ", _values)}}}";
        return $"{{\"graph_module\": {{\"graph\": {{{graph}}}, \"signature\": {{"
            + $"\"input_specs\": [{string.Join(", ", _inputs.Append(user))}], "
            + $"\"output_specs\": [{result}]}}, \"module_call_graph\": []}}, \"opset_version\": {{\"aten\": 10}}, "
            + $"\"range_constraints\": {{}}, \"schema_version\": {Schema}, \"torch_version\": \"2.14.1\"}}";
    }

    /// <summary>The archive.</summary>
    internal byte[] Bytes(CompressionLevel level = CompressionLevel.NoCompression, string? json = null)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, byte[] content)
            {
                using Stream to = zip.CreateEntry(Folder + name, level).Open();
                to.Write(content);
            }

            Add("archive_format", "pt2"u8.ToArray());
            Add("archive_version", Encoding.UTF8.GetBytes(ArchiveVersion));
            Add("byteorder", Encoding.UTF8.GetBytes(ByteOrder));
            Add("models/model.json", Encoding.UTF8.GetBytes(json ?? Json()));
            Add("data/weights/model_weights_config.json", Encoding.UTF8.GetBytes($"{{\"config\": {{{string.Join(", ", _weights)}}}}}"));
            Add("data/constants/model_constants_config.json", "{\"config\": {}}"u8.ToArray());
            Add("data/sample_inputs/model.pt", "never read"u8.ToArray());
            foreach ((string name, byte[] content) in _entries)
            {
                Add(name, content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The graph that the archive is read as.</summary>
    internal Opened Open() => new(Bytes());

    /// <summary>The archive is refused with one line that holds the words.</summary>
    internal void Refuses(params string[] words) => Refuses(Bytes(), words);

    /// <summary>The same for any content.</summary>
    internal static void Refuses(byte[] content, params string[] words)
    {
        using var file = new ScratchFile(content, "net.pt2");
        string message = Assert.ThrowsExactly<ModelException>(() => GraphFormats.Open(file.Path)?.Dispose()).Message;
        Assert.StartsWith(file.Path, message);
        Assert.DoesNotContain('\n', message);
        Assert.IsLessThan(file.Path.Length + 1000, message.Length, message);
        foreach (string word in words)
        {
            Assert.Contains(word, message, StringComparison.Ordinal);
        }
    }

    private static string Argument(string text)
    {
        string[] parts = text.Split('=', 2);
        int colon = parts[1].IndexOf(':');
        string value = colon < 0 ? $"{{\"as_tensor\": {{\"name\": \"{parts[1]}\"}}}}"
            : $"{{\"as_{parts[1][..colon]}\": {parts[1][(colon + 1)..]}}}";
        return $"{{\"name\": \"{parts[0]}\", \"arg\": {value}, \"kind\": 1}}";
    }

    private static string Meta(long[] shape, long[] strides, long offset, int type) =>
        $"{{\"dtype\": {type}, \"sizes\": [{Sizes(shape)}], \"requires_grad\": false, \"device\": {{\"type\": \"cpu\", \"index\": null}}, "
        + $"\"strides\": [{Sizes(strides)}], \"storage_offset\": {{\"as_int\": {offset}}}, \"layout\": 7}}";

    private static string Sizes(long[] sizes) => string.Join(", ", sizes.Select(s => s < 0
        ? "{\"as_expr\": {\"expr_str\": \"s77\", \"hint\": {\"as_int\": 2}}}"
        : string.Create(CultureInfo.InvariantCulture, $"{{\"as_int\": {s}}}")));

    private static long[] Strides(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (strides[axis], stride) = (stride, stride * Math.Max(1, shape[axis]));
        }

        return strides;
    }
}

/// <summary>A graph with the file that it is read from.</summary>
internal sealed class Opened : IDisposable
{
    private readonly ScratchFile _file;

    internal Opened(byte[] content)
    {
        _file = new ScratchFile(content, "net.pt2");
        Graph = GraphFormats.Open(_file.Path)!;
    }

    internal OperatorGraph Graph { get; }

    /// <summary>The operators in a line each: <c>Conv(x,w)->y strides=[2,2]</c>.</summary>
    internal string Text => string.Join("; ", Graph.Nodes.Select(n =>
        $"{n.Operator}({string.Join(",", n.Inputs.Select(Say))})->{string.Join(",", n.Outputs)}"));

    public void Dispose()
    {
        Graph.Dispose();
        _file.Dispose();
    }

    /// <summary>A constant that was written for a number is said as that.</summary>
    private string Say(string name) => name.Contains("/constant", StringComparison.Ordinal) && Graph.Constants.TryGetValue(name, out var c)
        ? "[" + string.Join(" ", c.Read().Select(v => v.ToString(CultureInfo.InvariantCulture))) + "]" : name;
}
