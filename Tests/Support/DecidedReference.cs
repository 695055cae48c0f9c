using Interp.Engine.Backends;
using Interp.Engine.Graph;
using Interp.Engine.Reference;
using Interp.Engine.Rules;

namespace Interp.Tests.Support;

/// <summary>
/// The float64 reference, which decides every ReLU and max-pool as another backend does on the same input. Methods that run a network many
/// times meet near-ties,
/// on plain and blurred images above all, which float32 rightly decides the other way; without the same decisions no method could be
/// compared closely.
/// </summary>
/// <param name="decides">The backend whose decisions count; not disposed of here.</param>
internal sealed class DecidedReference(IBackend decides) : IBackend
{
    public BackendInfo Info { get; } = new("decided reference", "scalar float64", 1);

    public Session Open(Network network, SessionOptions options) => new DecidedSession(network, options, decides);

    public void Dispose()
    {
    }

    private sealed class DecidedSession(Network network, SessionOptions options, IBackend decides) : Session(network, options)
    {
        private readonly Session _decides = decides.Open(network, options with { Keep = network.Nodes });
        private readonly ReferenceSession _reference = new(network, options);

        public override long Bytes => _reference.Bytes;

        protected override void RunForward(ReadOnlySpan<float> input, CancellationToken cancel)
        {
            _reference.Forward(input, cancel);
            if (Options.Backward)
            {
                _decides.Forward(input, cancel);
                _ = _reference.ImposeDecisions(_decides);
            }
        }

        protected override void RunBackward(ReluRule rule, ReadOnlySpan<Seed> seeds, CancellationToken cancel) =>
            _reference.Backward(rule, cancel, seeds);

        protected override void ReadActivation(Node node, Span<float> destination) => _reference.Activation(node).CopyTo(destination);

        protected override void ReadGradient(Node node, Span<float> destination) => _reference.Gradient(node).CopyTo(destination);

        protected override void Dispose(bool disposing)
        {
            _decides.Dispose();
            _reference.Dispose();
        }
    }
}
