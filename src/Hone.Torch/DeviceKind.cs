namespace Hone.Torch;

/// <summary>The kinds of device. The numbers are libtorch's own.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,
}
