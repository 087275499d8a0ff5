using Hone.Torch;

namespace Hone.Models.Layers;

/// <summary>
/// What all parameters of a decoder share: the dtype to compute in, and a count of how often weights have changed.
/// </summary>
internal sealed class WeightClock(DType computeType)
{
    public DType ComputeType { get; } = computeType;

    public long Version { get; set; }
}
