using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>y + s·(B·A·x + b) on a linear layer.</summary>
/// <remarks>LoRA, arXiv:2106.09685, eq. 3; s = α/√r: rsLoRA, arXiv:2312.03732.</remarks>
internal sealed record LoraPart : ILowRankPart
{
    /// <summary>A, <c>[r, in]</c>.</summary>
    public required Parameter A { get; init; }

    /// <summary>B, <c>[out, r]</c>.</summary>
    public required Parameter B { get; init; }

    /// <summary>b, <c>[out]</c>, or null.</summary>
    public Parameter? Bias { get; init; }

    /// <summary>s.</summary>
    public required double Scale { get; init; }

    /// <summary>The probability that a number of x is dropped.</summary>
    public double Dropout { get; init; }

    /// <summary>Which of the adapter's places this is, for dropout.</summary>
    public int Place { get; init; }

    /// <summary>Factors (A₀, B₀) whose product is taken off W; null for none.</summary>
    public (Parameter A, Parameter B)? TakenOff { get; init; }

    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        // y = Wx + s·B·A·x + s·b (− s·B₀·A₀·x)
        var scale = Scale * use.Share;
        var inner = use.Drop(input, Dropout, Place).Linear(A.Compute()) * scale;     // [token, r]
        var result = module(input) + inner.Linear(B.Compute());                      // [token, out]
        result = Bias is null ? result : result + (Bias.Compute() * scale);
        return TakenOff is not var (a, b) ? result : result - (input.Linear(a.Compute()) * scale).Linear(b.Compute());
    }

    public void AddTo(ModuleChange change, double share)
    {
        var scale = Scale * share;
        change.Add(A.Value, B.Value, scale);
        if (Bias is not null)
        {
            change.Add(Bias.Compute() * scale);
        }

        if (TakenOff is var (a, b))
        {
            change.Add(a.Value, b.Value, -scale);
        }
    }

    public ModuleWeights Merge(ModuleWeights weights, double share)
    {
        // W' = W + s·B·A,   b' = b + s·b
        var scale = Scale * share;
        var weight = weights.Weight + (B.Value.Matmul(A.Value) * scale);             // [out, in]
        weight = TakenOff is not var (a, b) ? weight : weight - (b.Value.Matmul(a.Value) * scale);
        return new ModuleWeights(weight, MergedBias(weights.Bias, scale));
    }

    private Tensor? MergedBias(Tensor? bias, double scale) => (Bias, bias) switch
    {
        (null, _) => bias,
        ({ } own, { } of) => of + (own.Value * scale),
        ({ } own, null) => throw new CheckpointException(
            $"merge: the layer must have a bias where the adapter has one (lora_bias), \"{own.Spec.Name}\" has none to "
            + "go to; use the adapter unmerged"),
    };
}
