using Hone.Algorithms.Optimizers;
using Hone.Torch;

namespace Hone.Training.Updates;

/// <summary>The two moments of one weight, as they are kept between updates.</summary>
internal abstract record MomentPair : IDisposable
{
    private MomentPair()
    {
    }

    /// <summary>What a checkpoint keeps, with what stands before the weight's name.</summary>
    public abstract IEnumerable<(string Prefix, Tensor Value)> Tensors { get; }

    /// <summary>Moments of zero.</summary>
    /// <param name="parameter">The weight.</param>
    /// <param name="inEightBits">Whether they are coded, where the weight is not too small for that.</param>
    public static MomentPair Of(Tensor parameter, bool inEightBits) => inEightBits && EightBit.IsCoded(parameter)
        ? new Coded(
            CodedMoment.Zeros(parameter, CodeTable.SignedBytes), CodedMoment.Zeros(parameter, CodeTable.UnsignedBytes))
        : new Dense(TensorScope.Detach(parameter.ZerosLike()), TensorScope.Detach(parameter.ZerosLike()));

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>In float32.</summary>
    public sealed record Dense(Tensor First, Tensor Second) : MomentPair
    {
        public override IEnumerable<(string Prefix, Tensor Value)> Tensors => [("first.", First), ("second.", Second)];

        public override void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }

    /// <summary>In 8 bits.</summary>
    public sealed record Coded(CodedMoment First, CodedMoment Second) : MomentPair
    {
        public override IEnumerable<(string Prefix, Tensor Value)> Tensors =>
        [
            ("first.", First.Codes), ("first_scale.", First.Scales), ("second.", Second.Codes),
            ("second_scale.", Second.Scales),
        ];

        public override void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
