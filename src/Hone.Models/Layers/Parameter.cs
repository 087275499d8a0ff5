using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One trainable tensor, and its copy in the compute dtype where that is another one.</summary>
/// <param name="name">Its Hugging Face name.</param>
/// <param name="value">The tensor that is stored and trained; this object owns it.</param>
/// <param name="clock">Says when weights have changed and what dtype to compute in.</param>
internal sealed class Parameter(string name, Tensor value, WeightClock clock) : IDisposable
{
    private Tensor? _converted;
    private long _convertedAt;

    public string Name { get; } = name;

    public Tensor Value { get; } = value;

    /// <summary>
    /// The values in the compute dtype. While gradients are recorded the conversion is part of the graph, so that gradients add up
    /// in the stored dtype; otherwise a copy is kept and renewed after weights have changed.
    /// </summary>
    public Tensor Compute()
    {
        if (Value.DType == clock.ComputeType)
        {
            return Value;
        }

        if (Value.RequiresGrad && Autograd.IsRecording)
        {
            return Value.To(clock.ComputeType);
        }

        if (_converted is null)
        {
            _converted = TensorScope.Detach(Value.To(clock.ComputeType));
        }
        else if (_convertedAt != clock.Version)
        {
            using var noGrad = Autograd.NoGrad();
            _converted.CopyFrom(Value);
        }

        _convertedAt = clock.Version;
        return _converted;
    }

    public void Dispose()
    {
        _converted?.Dispose();
        Value.Dispose();
    }
}
