using Interp.Engine.Backends;
using Interp.Engine.Cpu.Kernels;
using Interp.Engine.Graph;
using Interp.Engine.Rules;

namespace Interp.Engine.Cpu;

/// <summary>Computes the passes of one group of images at a time: with all threads the only group of a session, or with one thread one
/// after another, while other lanes compute others.</summary>
internal sealed unsafe class CpuLane
{
    private readonly CpuProgram _program;
    private readonly KernelFactory _kernels;
    private readonly WorkerPool _pool;
    private readonly CpuValue _input;
    private nint _lasting;
    private nint _passing = -1;
    private float* _sum;

    /// <param name="program">What is computed, for this lane alone.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="kernels">Adds gradients.</param>
    /// <param name="pool">The threads that compute.</param>
    public CpuLane(CpuProgram program, Node input, KernelFactory kernels, WorkerPool pool)
    {
        _program = program;
        _input = program.ValueOf(input);
        _kernels = kernels;
        _pool = pool;
        foreach (CpuStep step in program.Steps)
        {
            step.Run.Pool = pool;
        }
    }

    /// <summary>The kernel calls in order.</summary>
    public IReadOnlyList<CpuStep> Steps => _program.Steps;

    /// <summary>Gives the lane its working memory.</summary>
    public void Use(Scratch scratch)
    {
        foreach (CpuStep step in _program.Steps)
        {
            step.Run.Scratch = scratch;
        }
    }

    /// <summary>Turns to a group of images.</summary>
    /// <param name="lasting">The group's memory.</param>
    /// <param name="passing">The lane's own.</param>
    public void Turn(nint lasting, nint passing)
    {
        if ((lasting, passing) == (_lasting, _passing))
        {
            return;
        }

        (_lasting, _passing) = (lasting, passing);
        _sum = (float*)At(_program.SumPlace);
        foreach (CpuValue value in _program.Values)
        {
            value.Activation = (float*)At(value.ActivationPlace);
            value.Gradient = (float*)At(value.GradientPlace);
        }

        foreach (CpuStep step in _program.Steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                step.Run.Inputs[i] = step.Inputs[i].Activation;
            }

            step.Run.Output = step.Output.Activation;
            step.Run.OutputGradient = step.Output.Gradient;
            step.Run.GatedGradient = (float*)At(step.GatedPlace);
            step.Run.Record = (void*)At(step.RecordPlace);
        }
    }

    /// <summary>Whether the last backward pass reached a kept node.</summary>
    public bool HasGradient(Node node) => _program.ValueOf(node).HasGradient;

    /// <summary>The forward pass of the group.</summary>
    /// <param name="input">Its images, in the dense order.</param>
    /// <param name="cancel">Checked before each step.</param>
    public void Forward(ReadOnlySpan<float> input, CancellationToken cancel)
    {
        if (_input.IsDense)
        {
            input.CopyTo(new Span<float>(_input.Activation, input.Length));
        }
        else
        {
            _input.Shape.Pack(input, _input.Activation, _pool);
        }

        foreach (CpuStep step in _program.Steps)
        {
            cancel.ThrowIfCancellationRequested();
            step.Kernel.Forward(step.Run);
        }
    }

    /// <summary>The backward pass of the group.</summary>
    /// <param name="rule">What ReLUs let through.</param>
    /// <param name="seeds">Where it starts, each with the gradients of all groups.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="cancel">Checked before each step.</param>
    public void Backward(ReluRule rule, ReadOnlySpan<Seed> seeds, int group, CancellationToken cancel)
    {
        foreach (CpuValue value in _program.Values)
        {
            value.HasGradient = false;
        }

        foreach (CpuStep step in _program.Steps)
        {
            step.GateApplied = false;
        }

        for (int s = _program.Steps.Count - 1; s >= 0; s--)
        {
            cancel.ThrowIfCancellationRequested();
            CpuStep step = _program.Steps[s];
            PlantSeeds(step.Output, seeds, group);
            if (step.Output.HasGradient)
            {
                if (step.Kernel.GatedShape is not null && !step.GateApplied)
                {
                    step.Kernel.ApplyGate(step.Run, rule);
                }

                RunBackward(step, rule);
            }
        }

        PlantSeeds(_input, seeds, group);
    }

    private nint At(MemoryPlan.Buffer? buffer) => _program.Plan.Find(buffer, _lasting, _passing);

    private void RunBackward(CpuStep step, ReluRule rule)
    {
        HandOn(step);
        if (step.Kernel.AddsToGradients)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                CpuValue input = step.Inputs[i];
                step.Run.InputGradients[i] = input.Gradient;
                step.Run.Adds[i] = input.HasGradient;
                input.HasGradient = true;
            }

            step.Run.ScaledNow = step.Scales is { Output.HasGradient: true };
            step.Kernel.Backward(step.Run, rule);
            step.AppliesGatesOf.ForEach(s => s.GateApplied = true);
            return;
        }

        int[] own = [.. Enumerable.Range(0, step.Inputs.Length)
            .Where(i => !step.Kernel.PassesOn(i) && !(i == 0 && step.ScaledBy is not null))];
        if (own.Any(i => step.Inputs[i].HasGradient) || step.Inputs.Distinct().Count() != step.Inputs.Length)
        {
            // One input at a time, so that one buffer serves: computed apart, then added to what other readers left.
            foreach (int i in own)
            {
                CpuValue input = step.Inputs[i];
                Array.Clear(step.Run.InputGradients);
                step.Run.InputGradients[i] = input.HasGradient ? _sum : input.Gradient;
                step.Kernel.Backward(step.Run, rule);
                AddIfNeeded(input);
            }

            return;
        }

        foreach (int i in own)
        {
            step.Run.InputGradients[i] = step.Inputs[i].Gradient;
            step.Inputs[i].HasGradient = true;
        }

        if (own.Length > 0)
        {
            step.Kernel.Backward(step.Run, rule);
        }
    }

    /// <summary>Gives inputs whose gradient is that behind the step's gate theirs, which may lie there already.</summary>
    private void HandOn(CpuStep step)
    {
        float* upstream = step.Kernel.GatedShape is null ? step.Run.OutputGradient : step.Run.GatedGradient;
        for (int i = 0; i < step.Inputs.Length; i++)
        {
            CpuValue input = step.Inputs[i];
            if (!step.Kernel.PassesOn(i))
            {
                continue;
            }

            if (input.HasGradient)
            {
                _kernels.AddTo(_pool, input.Shape.Vectors, input.Gradient, upstream);
            }
            else if (input.Gradient != upstream)
            {
                Elementwise.Copy(_pool, input.Shape.Vectors, input.Gradient, upstream);
            }

            input.HasGradient = true;
        }
    }

    private void PlantSeeds(CpuValue value, ReadOnlySpan<Seed> seeds, int group)
    {
        foreach (Seed seed in seeds)
        {
            if (_program.ValueOf(seed.Node) == value)
            {
                int count = checked((int)(value.Shape.N * value.Shape.DenseImage));
                value.Shape.Pack(seed.Gradient.Span.Slice(group * count, count), value.HasGradient ? _sum : value.Gradient, _pool);
                AddIfNeeded(value);
            }
        }
    }

    /// <summary>A gradient that is already there gets what was made apart added to it.</summary>
    private void AddIfNeeded(CpuValue value)
    {
        if (value.HasGradient)
        {
            _kernels.AddTo(_pool, value.Shape.Vectors, value.Gradient, _sum);
        }

        value.HasGradient = true;
    }
}
