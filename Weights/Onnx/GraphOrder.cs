using Interp.Engine.Common;

namespace Interp.Weights.Onnx;

/// <summary>Puts operators in an order in which each comes after those whose values it reads.</summary>
internal static class GraphOrder
{
    /// <summary>The order of the file, but for operators that stand before what they read.</summary>
    /// <exception cref="ModelException">Operators read each other's values in a circle.</exception>
    internal static List<NodeDraft> Sort(List<NodeDraft> nodes)
    {
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Outputs.Where(o => o.Length > 0))
            {
                makers[output] = i;
            }
        }

        var sorted = new List<NodeDraft>(nodes.Count);
        var state = new State[nodes.Count];
        var open = new Stack<(int Node, IEnumerator<int> Before)>();
        for (int first = 0; first < nodes.Count; first++)
        {
            Enter(first);
            while (open.Count > 0)
            {
                (int node, IEnumerator<int> before) = open.Peek();
                if (before.MoveNext())
                {
                    Enter(before.Current);
                    continue;
                }

                state[node] = State.Done;
                sorted.Add(nodes[node]);
                open.Pop();
            }
        }

        return sorted;

        void Enter(int node)
        {
            if (state[node] == State.Open)
            {
                throw nodes[node].Error("is part of a cycle: what it reads is made of what it makes; the file is damaged: export it again");
            }

            if (state[node] == State.New)
            {
                state[node] = State.Open;
                open.Push((node, Before(nodes[node], makers).GetEnumerator()));
            }
        }
    }

    private static IEnumerable<int> Before(NodeDraft node, Dictionary<string, int> makers)
    {
        foreach (string name in node.Inputs.Concat(node.Captures))
        {
            if (makers.TryGetValue(name, out int maker))
            {
                yield return maker;
            }
        }
    }

    private enum State : byte
    {
        New,
        Open,
        Done,
    }
}
