using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>One trainable tensor, and its copy in the compute dtype where that is another one.</summary>
/// <param name="spec">Its name, shape and fresh values.</param>
/// <param name="clock">Says when weights have changed and what dtype to compute in.</param>
internal sealed class Parameter(ParameterSpec spec, WeightClock clock) : IDisposable
{
    private Tensor? _value;
    private Tensor? _copy;
    private long _copiedAt;
    private (Parameter Whole, long Row)? _place;

    public ParameterSpec Spec => spec;

    /// <summary>Makes the values where they were left out until somebody reads them; else null.</summary>
    public Action? MakeLater { get; set; }

    /// <summary>Whether there are values, made already.</summary>
    public bool HasValue => _value is not null;

    /// <summary>The tensor that is stored and trained; this object owns it. Set once.</summary>
    public Tensor Value
    {
        get
        {
            if (_value is null)
            {
                MakeLater?.Invoke();
            }

            return _value ?? throw new InvalidOperationException($"{spec.Name} has no value yet");
        }

        set => _value =
            _value is null ? value : throw new InvalidOperationException($"{spec.Name} has a value already");
    }

    /// <summary>The codes that stand in the place of <see cref="Value"/> where a frozen weight is kept in 4 bits; this
    /// object owns them.</summary>
    public FourBitWeight? Coded { get; set; }

    /// <summary>The type that values are stored in; of coded ones that they are made in.</summary>
    public DType StoredType => Coded is null ? Value.DType : DType.Float32;

    /// <summary>The type that products are computed in.</summary>
    public DType ComputeType => clock.ComputeType;

    /// <summary>
    /// The values as numbers that can be computed with, float32; differentiable where they are trained.
    /// </summary>
    public Tensor Read() => Coded is { } coded ? coded.Dequantise() : Value.To(DType.Float32);

    /// <summary>
    /// The copy in the compute dtype, where one was made and nothing has changed since: who changes the weights may
    /// change it too, and says so by <see cref="Follow"/>.
    /// </summary>
    public Tensor? FreshCopy => _place is { } place
        ? place.Whole.FreshCopy is { } whole ? PartOf(whole, place.Row) : null
        : _copiedAt == clock.Version ? _copy : null;

    /// <summary>
    /// The values in the compute dtype. While gradients are recorded, those of the copy go to the weights.
    /// </summary>
    public Tensor Compute()
    {
        if (Value.DType == clock.ComputeType)
        {
            return Value;
        }

        return Value.RequiresGrad && Autograd.IsRecording ? Fused.ComputeCopy([Value], Copy()) : Copy();
    }

    /// <summary>Makes this parameter rows of a larger one, in whose memory its values and its copy lie.</summary>
    public void PlaceIn(Parameter whole, long row) => _place = (whole, row);

    /// <summary>
    /// Says that the copy was written with the weights when the clock went on from <paramref name="version"/>.
    /// </summary>
    public void Follow(long version) => _copiedAt = _copiedAt == version ? clock.Version : _copiedAt;

    public void Dispose()
    {
        _copy?.Dispose();
        _value?.Dispose();
        Coded?.Dispose();
    }

    private Tensor Copy()
    {
        using var noGrad = Autograd.NoGrad();
        if (_place is { } place)
        {
            return PartOf(place.Whole.Copy(), place.Row);
        }

        if (_copy is null)
        {
            _copy = TensorScope.Detach(Value.Detach().To(clock.ComputeType));
        }
        else if (_copiedAt != clock.Version)
        {
            _copy.CopyFrom(Value);
        }

        _copiedAt = clock.Version;
        return _copy;
    }

    private Tensor PartOf(Tensor whole, long row) => whole.Narrow(0, row, spec.Shape[0]);
}
