using Hone.Torch;

namespace Hone.Models.Adapters;

/// <summary>What parts make of a linear layer together: g ⊙ (W(h ⊙ x) + b) + Σ s·U·A·(h ⊙ x) + c.</summary>
internal sealed class ModuleChange
{
    private readonly List<(Tensor Lower, Tensor Upper, double Scale)> _products = [];

    private readonly DType _compute;

    /// <summary>Goes through the parts in the order in which they are applied.</summary>
    /// <param name="parts">The parts, and how much of each.</param>
    /// <param name="compute">The dtype of products.</param>
    public ModuleChange(IReadOnlyList<(IModulePart Part, double Weight)> parts, DType compute)
    {
        _compute = compute;
        foreach (var (part, weight) in parts)
        {
            ((ILowRankPart)part).AddTo(this, weight);
        }
    }

    /// <summary>A <c>[rank, in]</c>, U <c>[out, rank]</c> and s of each product, float32.</summary>
    public IReadOnlyList<(Tensor Lower, Tensor Upper, double Scale)> Products => _products;

    /// <summary>g, float32 <c>[out]</c>; null for ones.</summary>
    public Tensor? Gain { get; private set; }

    /// <summary>c, float32 <c>[out]</c>; null for zeros.</summary>
    public Tensor? Offset { get; private set; }

    /// <summary>h, float32 <c>[in]</c>; null for ones.</summary>
    public Tensor? Inputs { get; private set; }

    /// <summary>Adds s·U·A·x.</summary>
    public void Add(Tensor lower, Tensor upper, double scale) => _products.Add((lower, upper, Rounded(scale)));

    /// <summary>Adds a vector <c>[out]</c>.</summary>
    public void Add(Tensor offset) =>
        Offset = Offset is null ? offset.To(DType.Float32) : Offset + offset.To(DType.Float32);

    /// <summary>Multiplies all that comes out, so far, by a vector <c>[out]</c>.</summary>
    public void Multiply(Tensor factors)
    {
        var factor = factors.To(DType.Float32);
        Gain = Gain is null ? factor : Gain * factor;
        Offset = Offset is null ? null : Offset * factor;
        for (var i = 0; i < _products.Count; i++)
        {
            _products[i] = _products[i] with { Upper = _products[i].Upper * factor.Unsqueeze(1) };
        }
    }

    /// <summary>Multiplies what goes in by a vector <c>[in]</c>; nothing may be added behind.</summary>
    public void MultiplyInputs(Tensor factors) => Inputs = factors.To(DType.Float32);

    // Operators round a number to the dtype of the tensor that they multiply by it.
    private double Rounded(double scale) => Tensor.Full(scale, _compute, 1).To(DType.Float32).ToArray<float>()[0];
}
