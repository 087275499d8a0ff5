using Hone.Torch;

namespace Hone.Algorithms.Optimizers;

/// <summary>An update rule whose state is kept in 8 bits between steps.</summary>
/// <remarks>
/// 8-bit optimizers, arXiv:2110.02861, section 2: before a step the state is made of its codes, afterwards it becomes
/// the nearest codes again, in blocks of 256 that share their largest magnitude. States of squares, which are never
/// below 0, have a table of their own. What <see cref="Fused.AdamW8Bit"/> does in one pass for AdamW is this
/// composition.
/// </remarks>
/// <param name="Rule">The update.</param>
public sealed record EightBit(IUpdateRule Rule)
{
    /// <summary>Numbers of a parameter from which on its state is coded; smaller ones keep theirs as it is.</summary>
    public const int SmallestCoded = 4096;

    /// <summary>Whether a parameter's state is coded.</summary>
    public static bool IsCoded(Tensor parameter) => parameter.Count >= SmallestCoded;

    /// <summary>A state of zeros for a parameter, which the caller owns.</summary>
    public IReadOnlyList<CodedMoment> Start(Tensor parameter) =>
        [.. Rule.StateNames.Select(name => CodedMoment.Zeros(parameter, TableOf(name)))];

    /// <summary>Updates <paramref name="parameter"/> and <paramref name="state"/>.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient; not changed.</param>
    /// <param name="state">What <see cref="Start"/> gave.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    public void Update(
        Tensor parameter, Tensor gradient, IReadOnlyList<CodedMoment> state, double learningRate, long step)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        var tables = Rule.StateNames.Select(TableOf).ToArray();
        var plain = state.Zip(tables, (moment, table) => Fused.DequantiseBlocks(
            moment.Codes, moment.Scales, table, CodedMoment.BlockSize, DType.Float32, parameter.Shape)).ToArray();
        Rule.Update(parameter, gradient, plain, learningRate, step);
        for (var i = 0; i < plain.Length; i++)
        {
            var (codes, scales) = Fused.QuantiseBlocks(plain[i], tables[i], CodedMoment.BlockSize);
            state[i].Codes.CopyFrom(codes.View(parameter.Shape));
            state[i].Scales.CopyFrom(scales);
        }
    }

    private static CodeTable TableOf(string name) => name.EndsWith("second_moment", StringComparison.Ordinal)
        ? CodeTable.UnsignedBytes
        : CodeTable.SignedBytes;
}
