namespace Interp.Weights.Onnx.Opsets;

/// <summary>Operators that do something else while a network is trained: a file that says so is refused.</summary>
internal static class Training
{
    private const string NextStep = "; export the model after model.eval()";

    /// <summary>Leaves the operator with its epsilon alone.</summary>
    internal static void BatchNormalization(NodeDraft node, IDraftConstants constants)
    {
        if (node.Take<long>("training_mode") is not (null or 0))
        {
            throw node.Error("training_mode is set: it takes the statistics of the batch" + NextStep);
        }

        if (node.Outputs.Skip(1).Any(o => o.Length > 0))
        {
            throw node.Error("has outputs for statistics, as in training: it takes those of the batch" + NextStep);
        }

        if (node.Take<long>("spatial") is not (null or 1))
        {
            throw node.Error("spatial is 0: statistics for every place are not supported; export the model with opset 9 or later");
        }

        node.Attributes.Remove("momentum");
    }

    /// <summary>Leaves the operator with its input alone.</summary>
    internal static void Dropout(NodeDraft node, IDraftConstants constants)
    {
        if (node.Input(2).Length > 0)
        {
            double[] training = constants.Find(node.Input(2)) is { Count: 1 } flag ? flag.Read()
                : throw node.Error("whether it is in training is no constant" + NextStep);
            if (training[0] != 0)
            {
                throw node.Error("training_mode is true: it draws at random" + NextStep);
            }
        }

        node.Attributes.Remove("seed");
        if (node.Inputs.Count > 1)
        {
            node.Inputs.RemoveRange(1, node.Inputs.Count - 1);
        }
    }
}
