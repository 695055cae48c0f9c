using Interp.Engine.Backends;
using Interp.Engine.Cpu.Convolution;

namespace Interp.Engine.Cpu;

/// <summary>
/// Where gradients lie, and which steps apply gates. A gradient lives from the backward pass of its value's last reader to that of its
/// producer; a kept one until the next run. What only changes its name, as the gradient at a sum and at its inputs, keeps its place: along
/// the blocks of a residual network one buffer is added to and gated where it lies.
/// </summary>
internal sealed class GradientPlan
{
    private readonly List<CpuStep> _steps;
    private readonly ILookup<CpuValue, int> _readers; // each once, ascending
    private readonly Dictionary<object, Slot> _slots = []; // of values, and of steps for the gradient before their gate

    public GradientPlan(List<CpuStep> steps, CpuValue[] values, CpuPlan plan)
    {
        _steps = steps;
        _readers = steps.SelectMany((s, i) => s.Inputs.Distinct().Select(v => (v, i))).ToLookup(p => p.v, p => p.i);
        steps.ForEach(PassGate);
        steps.ForEach(LeaveScaling);
        long sum = 64;
        foreach (CpuValue value in values)
        {
            AddSlots(value);
            sum = Math.Max(sum, value.Shape.Bytes);
        }

        foreach (CpuStep step in steps)
        {
            ShareWithInputs(step);
        }

        foreach (CpuValue value in values)
        {
            value.GradientPlace = _slots.GetValueOrDefault(value)?.Place(plan);
        }

        foreach (CpuStep step in steps)
        {
            step.GatedPlace = _slots.GetValueOrDefault(step)?.Place(plan);
        }

        SumPlace = plan.Add(sum, steps.Count, 2 * steps.Count);
    }

    /// <summary>Where seeds, and gradients of values with several readers, are made before they are added.</summary>
    public MemoryPlan.Buffer SumPlace { get; }

    private int BackwardTime(int step) => 2 * _steps.Count - 1 - step;

    /// <summary>Lets the first reader of a gated kernel's output, whose backward pass is the last to add to its gradient, apply the gate,
    /// where it can.</summary>
    private void PassGate(CpuStep step)
    {
        int[] readers = [.. _readers[step.Output]];
        if (step.Kernel.GatedShape is not null && !step.Output.Kept && readers.Length > 0
            && (readers.Length == 1 || step.Kernel.Tail.Gate != Gate.ReluPool) && _steps[readers[0]] is var reader
            && reader.Kernel.Applies(step.Kernel.Tail.Gate) && Array.IndexOf(reader.Inputs, step.Output) is var input
            && (input == 0 || reader.Kernel.AppliesAtAllInputs) && reader.Inputs.Count(i => i == step.Output) == 1)
        {
            step.GateAppliedBy = reader;
            reader.AppliesGatesOf.Add(step);
            reader.Run.InputGates[input] = step.Run;
        }
    }

    /// <summary>
    /// Lets the mean of a map make the map's whole gradient where the only other reader scales the map by a gate that was made of the
    /// mean: squeeze and excitation. The gradient at the scaled map then stays until that of the mean is known.
    /// </summary>
    private void LeaveScaling(CpuStep mean)
    {
        if (mean.Kernel.AddsScaled && _readers[mean.Inputs[0]].ToArray() is [_, var last] && _steps[last] is var scaling
            && scaling.Kernel.ScalesChannels && scaling.Inputs[0] == mean.Inputs[0] && IsMadeOf(scaling.Inputs[1], mean.Output)
            && !_readers[scaling.Output].Any(r => _steps[r].Inputs.Index().Any(
                v => v.Item == scaling.Output && _steps[r].Kernel.PassesOn(v.Index))))
        {
            (scaling.ScaledBy, mean.Scales, mean.Run.Scaled) = (mean, scaling, scaling.Run);
        }
    }

    /// <summary>Whether a chain of steps with one input leads from one value to another, so that a gradient at its end reaches its
    /// beginning.</summary>
    private bool IsMadeOf(CpuValue end, CpuValue beginning)
    {
        while (end != beginning && end.Producer >= 0 && _steps[end.Producer].Inputs is [var only])
        {
            end = only;
        }

        return end == beginning;
    }

    private void AddSlots(CpuValue value)
    {
        CpuStep? producer = value.Producer < 0 ? null : _steps[value.Producer];
        int first = BackwardTime(value.LastReader < 0 ? _steps.Count - 1 : value.LastReader);
        int last = BackwardTime(producer?.ScaledBy?.Output.Producer ?? value.Producer);
        bool isGatedAtOnce = producer?.GateAppliedBy is not null && _readers[value].Count() == 1;
        if (!isGatedAtOnce)
        {
            _slots[value] = new Slot(value.Shape.Bytes, first, value.Kept ? MemoryPlan.Forever : last);
        }

        if (producer?.Kernel.GatedShape is { } gated)
        {
            _slots[producer] = new Slot(gated.Bytes, isGatedAtOnce ? first : last, last);
            if (!isGatedAtOnce && producer.GateAppliedBy is not null)
            {
                _slots[producer].Join(_slots[value]);
            }
        }
    }

    /// <summary>
    /// The gradient that a step hands on stays where it is for one input that the step is the last to read: no other gradient has been
    /// added to that input's before, and the step itself has done with it. Further inputs may read it there if they do before the first
    /// adds to it.
    /// </summary>
    private void ShareWithInputs(CpuStep step)
    {
        int index = step.Output.Producer;
        CpuValue[] inputs = [.. step.Inputs
            .Where((v, i) => step.Kernel.PassesOn(i) && !v.Kept && v.LastReader == index && v.Producer >= 0
                && step.Inputs.Count(other => other == v) == 1 && _slots.ContainsKey(v))
            .OrderByDescending(v => _readers[v].Count())];
        bool isGated = step.Kernel.GatedShape is not null;
        if (inputs.Length == 0 || (step.Output.Kept && !isGated))
        {
            return;
        }

        Slot upstream = _slots[isGated ? step : step.Output];
        upstream.Join(_slots[inputs[0]]);
        int lastOther = _readers[inputs[0]].Where(r => r != index).Append(inputs[0].Producer).Max();
        foreach (CpuValue reading in inputs[1..])
        {
            CpuStep producer = _steps[reading.Producer];
            if (_readers[reading].Count() == 1 && reading.Producer > lastOther
                && !Enumerable.Range(0, producer.Inputs.Length).Any(producer.Kernel.PassesOn))
            {
                upstream.Join(_slots[reading]);
            }
        }
    }

    /// <summary>A buffer and its lifetime, or a part of another one's.</summary>
    private sealed class Slot(long bytes, int first, int last)
    {
        private long _bytes = bytes;
        private int _first = first;
        private int _last = last;
        private Slot? _whole;
        private MemoryPlan.Buffer? _place;

        private Slot Whole => _whole?.Whole ?? this;

        public void Join(Slot other)
        {
            (Slot a, Slot b) = (Whole, other.Whole);
            if (a != b)
            {
                (a._bytes, a._first, a._last) =
                    (Math.Max(a._bytes, b._bytes), Math.Min(a._first, b._first), Math.Max(a._last, b._last));
                b._whole = a;
            }
        }

        public MemoryPlan.Buffer Place(CpuPlan plan)
        {
            Slot whole = Whole;
            return whole._place ??= plan.Add(whole._bytes, whole._first, whole._last);
        }
    }
}
