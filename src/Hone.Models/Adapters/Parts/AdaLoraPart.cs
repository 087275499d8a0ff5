using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>y + s·B·diag(E)·A·x on a linear layer.</summary>
/// <remarks>AdaLoRA, arXiv:2303.10512, eq. 3.</remarks>
internal sealed record AdaLoraPart : ILowRankPart
{
    /// <summary>A, <c>[r, in]</c>.</summary>
    public required Parameter A { get; init; }

    /// <summary>E, <c>[r, 1]</c>.</summary>
    public required Parameter E { get; init; }

    /// <summary>B, <c>[out, r]</c>.</summary>
    public required Parameter B { get; init; }

    /// <summary>s.</summary>
    public required double Scale { get; init; }

    /// <summary>The probability that a number of x is dropped.</summary>
    public required double Dropout { get; init; }

    /// <summary>Which of the adapter's places this is, for dropout.</summary>
    public required int Place { get; init; }

    public Tensor Apply(Tensor input, Func<Tensor, Tensor> module, PartUse use)
    {
        if (A.Spec.Shape[0] == 0)
        {
            return module(input); // all ranks are pruned
        }

        var inner = use.Drop(input, Dropout, Place).Linear(A.Compute() * E.Compute());        // [token, r]
        return module(input) + (inner * (Scale * use.Share)).Linear(B.Compute());
    }

    public void AddTo(ModuleChange change, double share)
    {
        if (A.Spec.Shape[0] > 0)
        {
            change.Add(A.Value * E.Value, B.Value, Scale * share);
        }
    }

    public ModuleWeights Merge(ModuleWeights weights, double share) => A.Spec.Shape[0] == 0
        ? weights
        : weights with { Weight = weights.Weight + (B.Value.Matmul(A.Value * E.Value) * (Scale * share)) };
}
