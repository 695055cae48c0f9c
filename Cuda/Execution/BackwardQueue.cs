using Interp.Cuda.Layers;
using Interp.Cuda.Profiling;
using Interp.Engine.Rules;

namespace Interp.Cuda.Execution;

/// <summary>The backward pass of a session: seeds where they belong, rectifiers by the rule, gradients of values with several readers added
/// up.</summary>
/// <param name="backend">Where it runs.</param>
/// <param name="program">The steps.</param>
/// <param name="input">The network's input.</param>
/// <param name="sum">Where a gradient is made that is to be added to another.</param>
internal sealed class BackwardQueue(CudaBackend backend, CudaProgram program, DeviceValue input, ulong sum)
{
    /// <summary>Queues everything from the last step to the first.</summary>
    internal void Queue(ReluRule rule, DeviceValue[] seeded, CancellationToken cancel)
    {
        for (int s = program.Steps.Count - 1; s >= 0; s--)
        {
            cancel.ThrowIfCancellationRequested();
            CudaStep step = program.Steps[s];
            PlantSeed(step.Output, seeded);
            if (!step.Output.HasGradient)
            {
                continue;
            }

            using (Nvtx.Range(step.Node.Name))
            {
                if (step.Rectified)
                {
                    ReluLayer.Gate(backend, rule, step.Output.Shape, step.Output.Activation, step.Output.Gradient, step.Run.OutputGradient);
                }

                QueueStepBackward(step, rule);
            }
        }

        PlantSeed(input, seeded);
    }

    private void QueueStepBackward(CudaStep step, ReluRule rule)
    {
        bool apart = step.Inputs.Any(i => i.HasGradient) || step.Inputs.Distinct().Count() != step.Inputs.Length;
        for (int i = 0; i < step.Inputs.Length; i++)
        {
            step.Run.InputGradients[i] = apart ? 0 : step.Inputs[i].Gradient;
        }

        if (!apart)
        {
            step.Layer.Backward(step.Run, rule);
            foreach (DeviceValue read in step.Inputs)
            {
                read.HasGradient = true;
            }

            return;
        }

        // One input at a time, so that one buffer serves: computed apart, then added to what other readers left.
        for (int i = 0; i < step.Inputs.Length; i++)
        {
            DeviceValue read = step.Inputs[i];
            Array.Clear(step.Run.InputGradients);
            step.Run.InputGradients[i] = read.HasGradient ? sum : read.Gradient;
            step.Layer.Backward(step.Run, rule);
            AddIfNeeded(read, sum);
        }
    }

    private void PlantSeed(DeviceValue value, DeviceValue[] seeded)
    {
        if (!seeded.Contains(value))
        {
            return;
        }

        if (!value.HasGradient)
        {
            backend.Stream.Copy(value.Seed!.Address, value.Gradient, value.Bytes);
        }

        AddIfNeeded(value, value.Seed!.Address);
    }

    /// <summary>A gradient that is already there gets what was made apart added to it.</summary>
    private void AddIfNeeded(DeviceValue value, ulong apart)
    {
        if (value.HasGradient)
        {
            backend.Kernels.LaunchOver(backend.Stream, "add_to", value.Shape.Count, 1, value.Gradient, apart, value.Shape.Count);
        }

        value.HasGradient = true;
    }

    /// <summary>Which values a backward pass reached, whether it was queued now or is recorded.</summary>
    internal void MarkReached(DeviceValue[] seeded)
    {
        for (int s = program.Steps.Count - 1; s >= 0; s--)
        {
            CudaStep step = program.Steps[s];
            step.Output.HasGradient |= seeded.Contains(step.Output);
            foreach (DeviceValue read in step.Output.HasGradient ? step.Inputs : [])
            {
                read.HasGradient = true;
            }
        }

        input.HasGradient |= seeded.Contains(input);
    }
}
