using Hone.Models.Adapters.Kinds;
using Hone.Models.Configuration;
using Hone.Models.Layers;
using Hone.Torch;

namespace Hone.Models.Adapters.Parts;

/// <summary>x + o + s·up(f(down z)) behind a half of a layer.</summary>
/// <remarks>
/// Houlsby et al., arXiv:1902.00751, figure 2; Pfeiffer et al., arXiv:2005.00247, section 3.2; parallel: He et al.,
/// arXiv:2110.04366, table 1.
/// </remarks>
internal sealed record BottleneckPart : ILayerPart
{
    private static readonly Operator LayerNorm = Operator.Find("aten::layer_norm");

    public required BottleneckConfig Config { get; init; }

    public required Activation Activation { get; init; }

    public required (Parameter Weight, Parameter Bias) Down { get; init; }

    public required (Parameter Weight, Parameter Bias) Up { get; init; }

    public (Parameter Weight, Parameter Bias)? NormBefore { get; init; }

    public (Parameter Weight, Parameter Bias)? NormAfter { get; init; }

    /// <summary>The learned factor, <c>[1]</c> or <c>[hidden]</c>; null where it is a number.</summary>
    public Parameter? Scale { get; init; }

    /// <summary>Which of the adapter's places this is, for dropout.</summary>
    public required int Place { get; init; }

    public Tensor Apply(Tensor stream, Tensor output, PartUse use)
    {
        var z = Config switch
        {
            { IsParallel: true } => stream,
            { TakesSum: true } => stream + output,
            _ => output,
        };
        var normed = NormBefore is var (weight, bias) ? Normalised(z, weight, bias) : z;
        var tanh = Config.Activation == "tanh";
        var inner = normed.Linear(Down.Weight.Compute(), Down.Bias.Compute());       // [token, inner]
        inner = tanh ? inner.Tanh() : inner.Activate(Activation);
        var up = inner.Linear(Up.Weight.Compute(), Up.Bias.Compute());               // [token, hidden]
        up = use.Drop(Scale is null ? up * Config.Scale : up * Scale.Compute(), Config.Dropout, Place);
        if (NormAfter is not var (afterWeight, afterBias))
        {
            return use.Share == 1 ? up : up * use.Share;
        }

        // The residual o is normalised with it, or stands beside it.
        var together = Config.ResidualBeforeNorm && !Config.IsParallel;
        var normal = together ? Normalised(up + output, afterWeight, afterBias) - output : Normalised(
            up, afterWeight, afterBias);
        return use.Share == 1 ? normal : normal * use.Share;
    }

    private static Tensor Normalised(Tensor x, Parameter weight, Parameter bias)
    {
        const double epsilon = 1e-5;
        return LayerNorm.Call(x, new long[] { x.Size(-1) }, weight.Compute(), bias.Compute(), epsilon);
    }
}
