using Interp.Engine.Arithmetic;
using Interp.Engine.Backends;
using Interp.Engine.Imaging;
using Interp.Engine.Models;
using Interp.Engine.Rules;
using Interp.Engine.Tensors;
using Interp.Engine.Visualization.Objectives;
using Interp.Engine.Visualization.Optimizers;
using Interp.Engine.Visualization.Parametrizations;
using Interp.Engine.Visualization.Transforms;

namespace Interp.Engine.Visualization;

/// <summary>The steps of one octave: parameters → images → transforms → network → objective, and back.</summary>
internal sealed class Ascent
{
    private readonly Objective _objective;
    private readonly VisualizationOptions _options;
    private readonly ImageParametrization _parametrization;
    private readonly Session _session;
    private readonly ImageCheck _check;
    private readonly IImageMath _arithmetic;
    private readonly Optimizer _optimizer;
    private readonly float[] _frame;
    private readonly float[] _imageGradient;
    private readonly float[] _gradient;

    internal Ascent(Objective objective, VisualizationOptions options, ImageParametrization parametrization, Session session,
        ImageCheck check, IImageMath arithmetic)
    {
        (_objective, _options, _parametrization, _session, _check) = (objective, options, parametrization, session, check);
        (_arithmetic, _optimizer) = (arithmetic, options.Optimizer.Make());
        _optimizer.Arithmetic = arithmetic;
        Images = new float[Canvas.Length];
        _frame = new float[session.InputShape.Count];
        _imageGradient = new float[Canvas.Length];
        _gradient = new float[parametrization.Parameters.Length];
        parametrization.Render(Images);
    }

    private Canvas Canvas => _parametrization.Canvas;

    /// <summary>What the parameters stand for now.</summary>
    internal float[] Images { get; }

    /// <summary>Does steps, counted by the points of the curve, until so many are done or there is a reason to stop.</summary>
    internal StopReason Climb(List<CurvePoint> curve, int until, Action<CurvePoint, Canvas, float[]>? watch, CancellationToken cancel)
    {
        try
        {
            while (curve.Count < until)
            {
                if (cancel.IsCancellationRequested)
                {
                    return StopReason.Cancelled;
                }

                CurvePoint point = Gradient(curve.Count, cancel);
                curve.Add(point);
                watch?.Invoke(point, Canvas, Images);
                Step(point.Index);
                if (_options.UntilProbability is { } wanted && curve.Count % _options.CheckEvery == 0 && IsReached(wanted, cancel))
                {
                    return StopReason.Probability;
                }

                if (IsFlat(curve))
                {
                    return StopReason.Patience;
                }
            }

            return StopReason.Steps;
        }
        catch (OperationCanceledException)
        {
            return StopReason.Cancelled;
        }
    }

    /// <summary>The objective of images without transforms.</summary>
    internal static double[] Measure(Objective objective, Session session, Canvas canvas, float[] images, CancellationToken cancel)
    {
        Show(session, canvas, images, cancel);
        return objective.Evaluate(Observation.Of(session, canvas, images)).Values;
    }

    /// <summary>Runs forward on images without transforms.</summary>
    internal static void Show(Session session, Canvas canvas, float[] images, CancellationToken cancel)
    {
        var frame = new float[session.InputShape.Count];
        TransformChain.None.Draw(canvas, session.InputShape[2], session.InputShape[3], 0, 0).Forward(images, frame);
        Normalize(frame, session);
        session.Forward(frame, cancel);
    }

    /// <summary>Runs forward and back; leaves ∂F/∂θ.</summary>
    private CurvePoint Gradient(int index, CancellationToken cancel)
    {
        DrawnTransforms drawn = _options.Transforms.Draw(
            Canvas, _session.InputShape[2], _session.InputShape[3], _options.Seed, (ulong)index, _arithmetic, _options.Alike);
        drawn.Forward(Images, _frame);
        Normalize(_frame, _session);
        _session.Forward(_frame, cancel);
        ObjectiveValue value = _objective.Evaluate(Observation.Of(_session, Canvas, Images));
        Array.Clear(_imageGradient);
        if (value.Activations.Count > 0)
        {
            drawn.Backward(FrameGradient(value, index, cancel), _imageGradient);
        }

        if (value.Images is { } direct)
        {
            for (int i = 0; i < direct.Length; i++)
            {
                _imageGradient[i] += direct[i];
            }
        }

        _parametrization.Backward(_imageGradient, _gradient);
        return new CurvePoint(index, value.Values, Probabilities());
    }

    /// <summary>∂F/∂frame in image units; redirected for images that no gradient reaches, in the first steps.</summary>
    private float[] FrameGradient(ObjectiveValue value, int index, CancellationToken cancel)
    {
        Seed[] seeds = [.. value.Activations.Select(a => new Seed(a.Key, a.Value))];
        _session.Backward(ReluRules.Vanilla, cancel, seeds);
        float[] gradient = _session.InputGradient();
        if (index < _options.RedirectedSteps)
        {
            Wake(gradient, ReluRules.Vanilla, RedirectedSeeds.Of(_session, seeds), cancel);
            Wake(gradient, ReluRules.Redirected, seeds, cancel);
        }

        Preprocessing units = _session.Network.Preprocessing;
        ForEachPlane(gradient, _session.InputShape, (plane, c) =>
        {
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] /= units.Deviation[c];
            }
        });
        units.ChannelOrder.Exchange(gradient, PlaneOf(_session.InputShape));
        return gradient;
    }

    /// <summary>Puts another gradient in the place of one that is zero throughout an image.</summary>
    private void Wake(float[] gradient, ReluRule rule, Seed[] seeds, CancellationToken cancel)
    {
        int each = gradient.Length / Canvas.Count;
        int[] dead = [.. Enumerable.Range(0, Canvas.Count).Where(n => !gradient.AsSpan(n * each, each).ContainsAnyExcept(0f))];
        if (dead.Length > 0)
        {
            _session.Backward(rule, cancel, seeds);
            float[] other = _session.InputGradient();
            Array.ForEach(dead, n => other.AsSpan(n * each, each).CopyTo(gradient.AsSpan(n * each)));
        }
    }

    private void Step(int index)
    {
        Clip();
        double rate = _options.Schedule.At(_options.Rate ?? _options.Optimizer.Rate, index, _options.Steps);
        _optimizer.Step(_parametrization.Parameters, _gradient, rate);
        _parametrization.Hold();
        _parametrization.Render(Images);
        if (_options.BlurEvery > 0 && (index + 1) % _options.BlurEvery == 0)
        {
            float[] smooth = GaussianBlur.Apply(
                Images, Canvas.Height, Canvas.Width, _options.BlurSigma, (int)Math.Ceiling(3 * _options.BlurSigma));
            _options.Parametrization.Create(Canvas, Start.Images(smooth),
                _options.ParametrizationOptions with { Arithmetic = _arithmetic }).Parameters.CopyTo(_parametrization.Parameters, 0);
            _parametrization.Render(Images);
        }
    }

    private void Clip()
    {
        if (double.IsPositiveInfinity(_options.GradientClip))
        {
            return;
        }

        int each = _gradient.Length / Canvas.Count;
        for (int n = 0; n < Canvas.Count; n++)
        {
            Span<float> own = _gradient.AsSpan(n * each, each);
            double squares = 0;
            foreach (float g in own)
            {
                squares += (double)g * g;
            }

            double norm = Math.Sqrt(squares);
            for (int i = 0; norm > _options.GradientClip && i < own.Length; i++)
            {
                own[i] *= (float)(_options.GradientClip / norm);
            }
        }
    }

    private double[] Probabilities()
    {
        float[] logits = _session.Logits();
        int classes = _session.Network.Classes;
        if (classes == 0)
        {
            return [.. Enumerable.Repeat(double.NaN, Canvas.Count)];
        }

        return [.. Enumerable.Range(0, Canvas.Count).Select(n =>
        {
            double[] p = _session.Network.OutputActivation.Probabilities(logits.AsSpan(n * classes, classes));
            return _options.Class is { } c ? p[c] : p.Max();
        })];
    }

    private bool IsReached(double wanted, CancellationToken cancel) => _options.Class is { } c
        && Enumerable.Range(0, Canvas.Count).All(
            n => _check.Probability(ImageBytes.Of(Canvas, Images, n), c, IsPrepared, cancel) >= wanted);

    /// <summary>An image near a photo that has the network's own size is looked at as it is.</summary>
    private bool IsPrepared => _options.IsPrepared(_session.Network, Canvas);

    private bool IsFlat(List<CurvePoint> curve)
    {
        int window = _options.Patience;
        return window > 0 && curve.Count >= 2 * window && curve.Count % window == 0
            && curve.TakeLast(window).Sum(p => p.Objective.Sum()) <= curve.SkipLast(window).TakeLast(window).Sum(p => p.Objective.Sum());
    }

    private static void Normalize(float[] frame, Session session)
    {
        Preprocessing units = session.Network.Preprocessing;
        units.ChannelOrder.Exchange(frame, PlaneOf(session.InputShape));
        ForEachPlane(frame, session.InputShape, (plane, c) =>
        {
            (float mean, float deviation) = (units.Mean[c], units.Deviation[c]);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = (plane[i] - mean) / deviation;
            }
        });
    }

    private static int PlaneOf(Shape shape) => shape[2] * shape[3];

    private delegate void PlaneAction(Span<float> plane, int channel);

    private static void ForEachPlane(float[] values, Shape shape, PlaneAction action)
    {
        int plane = PlaneOf(shape);
        for (int i = 0; i < shape[0] * shape[1]; i++)
        {
            action(values.AsSpan(i * plane, plane), i % shape[1]);
        }
    }
}
