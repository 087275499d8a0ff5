using Hone.Torch.Native;

namespace Hone.Torch;

/// <summary>The memory of all CPU tensors of the process, in bytes.</summary>
public static class TensorMemory
{
    /// <summary>In use now.</summary>
    public static long Live => Door.hone_memory_live();

    /// <summary>In use at most, since the start or the last <see cref="ResetPeak"/>.</summary>
    public static long Peak => Door.hone_memory_peak();

    /// <summary>The largest tensor that was made since the start or the last <see cref="ResetPeak"/>.</summary>
    public static long Largest => Door.hone_memory_largest();

    /// <summary>Bytes of the stretch of addresses in which large tensors have lain so far, in use or not. It does not
    /// fall.</summary>
    public static long Extent => Door.hone_memory_extent();

    /// <summary>Lets the peak begin again from what is in use now, and the largest tensor with the next one.</summary>
    public static void ResetPeak() => Door.hone_memory_reset_peak();

    /// <summary>Gives the memory of large tensors that are gone back to the system. It is kept for the next ones
    /// otherwise, since to be given it anew costs more than to use it.</summary>
    public static void Trim() => Door.hone_memory_trim();
}
