using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One trainable tensor, and its copy in the compute dtype where that is another one.</summary>
/// <param name="spec">Its name, shape and fresh values.</param>
/// <param name="clock">Says when weights have changed and what dtype to compute in.</param>
internal sealed class Parameter(ParameterSpec spec, WeightClock clock) : IDisposable
{
    private Tensor? _value;
    private Tensor? _converted;
    private long _convertedAt;

    public ParameterSpec Spec => spec;

    /// <summary>The tensor that is stored and trained; this object owns it. Set once.</summary>
    public Tensor Value
    {
        get => _value ?? throw new InvalidOperationException($"{spec.Name} has no value yet");
        set => _value = _value is null ? value : throw new InvalidOperationException($"{spec.Name} has a value already");
    }

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

        using var noGrad = Autograd.NoGrad();
        if (_converted is null)
        {
            _converted = TensorScope.Detach(Value.To(clock.ComputeType));
        }
        else if (_convertedAt != clock.Version)
        {
            _converted.CopyFrom(Value);
        }

        _convertedAt = clock.Version;
        return _converted;
    }

    public void Dispose()
    {
        _converted?.Dispose();
        _value?.Dispose();
    }
}
