using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Building;

/// <summary>What is computed of weights: anew where gradients are recorded, else kept until weights change.</summary>
/// <param name="clock">Says when weights have changed.</param>
/// <param name="compute">Computes it.</param>
internal sealed class Derived(WeightClock clock, Func<Tensor> compute) : IDisposable
{
    private Tensor? _kept;
    private long _keptAt;

    /// <summary>The tensor; it is not the caller's to dispose of.</summary>
    public Tensor Value()
    {
        if (Autograd.IsRecording)
        {
            using var recorded = TensorScope.Open();
            return recorded.Keep(compute());
        }

        if (_kept is null || _keptAt != clock.Version)
        {
            using var scope = TensorScope.Open();
            _kept?.Dispose();
            _kept = TensorScope.Detach(compute());
            _keptAt = clock.Version;
        }

        return _kept;
    }

    public void Dispose() => _kept?.Dispose();
}
