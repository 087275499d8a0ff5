using System.Runtime.InteropServices;

namespace Hone.Torch.Native;

/// <summary>One argument or result as it crosses the border: two machine words.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct NativeArgument
{
    public ArgumentKind Kind;

    /// <summary>Elements of a list, bytes of a string.</summary>
    public int Length;

    /// <summary>The integer, the double's bits, or a pointer.</summary>
    public long Bits;
}
