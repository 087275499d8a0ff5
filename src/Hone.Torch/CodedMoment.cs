namespace Hone.Torch;

/// <summary>A moment of an optimizer in 8 bits: codes, and a scale for each block of 256.</summary>
/// <param name="Codes">uint8, of the parameter's shape.</param>
/// <param name="Scales">float32 <c>[block]</c>.</param>
public sealed record CodedMoment(Tensor Codes, Tensor Scales) : IDisposable
{
    /// <summary>Numbers that share a scale.</summary>
    public const int BlockSize = 256;

    /// <summary>A moment of zeros, which the caller owns.</summary>
    /// <param name="parameter">The parameter whose moment it is.</param>
    /// <param name="table">Its table.</param>
    public static CodedMoment Zeros(Tensor parameter, CodeTable table) => new(
        TensorScope.Detach(Tensor.Full(table.ZeroCode, DType.UInt8, parameter.Shape)),
        TensorScope.Detach(Tensor.Zeros(DType.Float32, (parameter.Count + BlockSize - 1) / BlockSize)));

    /// <inheritdoc/>
    public void Dispose()
    {
        Codes.Dispose();
        Scales.Dispose();
    }
}
