using System.Runtime.Intrinsics.X86;

namespace Hone.Torch;

/// <summary>What the processor can do, as far as the choice of the compute dtype and of kernels goes.</summary>
/// <param name="Cores">Logical processors of this process.</param>
/// <param name="Avx2">256-bit integer and fused multiply-add.</param>
/// <param name="Avx512">512-bit vectors (F, BW, VL, DQ).</param>
/// <param name="Avx512Vnni">8-bit dot products.</param>
/// <param name="Avx512BFloat16">bf16 dot products.</param>
/// <param name="AmxBFloat16">bf16 tile products.</param>
public sealed record Processor(
    int Cores, bool Avx2, bool Avx512, bool Avx512Vnni, bool Avx512BFloat16, bool AmxBFloat16)
{
    /// <summary>
    /// The dtype that products are fastest in: bf16 where the processor multiplies it natively, else fp32.
    /// </summary>
    /// <remarks>Without native products bf16 is converted to and fro, several times slower than fp32.</remarks>
    public DType FastestComputeDType => AmxBFloat16 || Avx512BFloat16 ? DType.BFloat16 : DType.Float32;

    /// <summary>Asks this machine's processor.</summary>
    public static Processor Detect()
    {
        if (!X86Base.IsSupported)
        {
            return new Processor(Environment.ProcessorCount, false, false, false, false, false);
        }

        const int extendedFeatures = 7;
        var (maxSubleaf, _, ecx, edx) = X86Base.CpuId(extendedFeatures, 0);
        var subleaf1 = maxSubleaf >= 1 ? X86Base.CpuId(extendedFeatures, 1).Eax : 0;
        var avx512 = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;
        return new Processor(
            Environment.ProcessorCount,
            System.Runtime.Intrinsics.X86.Avx2.IsSupported && Fma.IsSupported,
            avx512,
            avx512 && Bit(ecx, 11),
            avx512 && Bit(subleaf1, 5),
            avx512 && Bit(edx, 22) && Bit(edx, 24));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        ' ',
        new (string Name, bool Has)[]
        {
            ("avx2", Avx2), ("avx512", Avx512), ("avx512_vnni", Avx512Vnni),
            ("avx512_bf16", Avx512BFloat16), ("amx_bf16", AmxBFloat16),
        }.Where(feature => feature.Has).Select(feature => feature.Name));

    private static bool Bit(int word, int bit) => (word & (1 << bit)) != 0;
}
