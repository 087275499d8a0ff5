using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>The memory of all CPU tensors of the process, in bytes.</summary>
public static class TensorMemory
{
    /// <summary>In use now.</summary>
    public static long Live => Door.hone_memory_live();

    /// <summary>In use at most, since the start or the last <see cref="ResetPeak"/>.</summary>
    public static long Peak => Door.hone_memory_peak();

    /// <summary>Lets the peak begin again from what is in use now.</summary>
    public static void ResetPeak() => Door.hone_memory_reset_peak();

    /// <summary>Gives the memory of large tensors that are gone back to the system. It is kept for the next ones
    /// otherwise, since to be given it anew costs more than to use it.</summary>
    public static void Trim() => Door.hone_memory_trim();
}
