namespace Hone.Torch;

/// <summary>Where a tensor's bytes are.</summary>
/// <param name="Kind">The kind of device.</param>
/// <param name="Index">Which of several; 0 on the CPU.</param>
public readonly record struct Device(DeviceKind Kind, int Index)
{
    /// <summary>Main memory.</summary>
    public static Device Cpu => default;

    /// <summary>The GPU of an index.</summary>
    public static Device Cuda(int index = 0) => new(DeviceKind.Cuda, index);

    /// <inheritdoc/>
    public override string ToString() => Kind == DeviceKind.Cpu ? "cpu" : $"cuda:{Index}";

    internal long Bits => ((long)Kind << 8) | (uint)Index;

    internal static Device FromBits(long bits) => new((DeviceKind)(bits >> 8), (int)(bits & 0xFF));
}
