namespace Hone.Models.Quantisation;

/// <summary>A linear layer as GPTQ checkpoints store it: integers, and a scale and a zero for each group of inputs and
/// each output.</summary>
/// <remarks>GPTQ, arXiv:2210.17323; the layout is that of AutoGPTQ. w = s·(q − z).</remarks>
/// <param name="Bits">Bits of an integer: 2, 3, 4 or 8.</param>
/// <param name="Inputs">Inputs of the layer.</param>
/// <param name="Outputs">Outputs of the layer.</param>
/// <param name="Codes">q, <c>[in, out]</c>.</param>
/// <param name="Zeros">z, <c>[group, out]</c>.</param>
/// <param name="Scales">s, <c>[group, out]</c>.</param>
/// <param name="Groups">The group of each input, <c>[in]</c>.</param>
public sealed record GptqLayer(
    int Bits, int Inputs, int Outputs, int[] Codes, int[] Zeros, float[] Scales, int[] Groups)
{
    /// <summary>Unpacks what a checkpoint holds.</summary>
    /// <param name="bits">Bits of an integer.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    /// <param name="weight"><c>qweight</c>: words <c>[in · bits / 32, out]</c>.</param>
    /// <param name="zeros"><c>qzeros</c>: words <c>[group, out · bits / 32]</c>.</param>
    /// <param name="scales"><c>scales</c> <c>[group, out]</c>.</param>
    /// <param name="groups"><c>g_idx</c> <c>[in]</c>.</param>
    /// <param name="version">1 where zeros are stored less one, 2 where they are stored as they are.</param>
    public static GptqLayer Unpack(
        int bits, int outputs, int[] weight, int[] zeros, float[] scales, int[] groups, int version)
    {
        // Masked: some writers let the 0 of a zero of 1 less one run over into its neighbours.
        var mask = (1 << bits) - 1;
        var stored = PackedIntegers.UnpackRows(zeros, PackedIntegers.Words(outputs, bits), bits);
        return new GptqLayer(
            bits, groups.Length, outputs, PackedIntegers.UnpackColumns(weight, outputs, bits),
            version == 1 ? Array.ConvertAll(stored, zero => (zero + 1) & mask) : stored, scales, groups);
    }

    /// <summary>The words of <c>qweight</c>.</summary>
    public int[] PackedWeight() => PackedIntegers.PackColumns(Codes, Outputs, Bits);

    /// <summary>The words of <c>qzeros</c>.</summary>
    /// <param name="version">1 where zeros are stored less one, 2 where they are stored as they are.</param>
    public int[] PackedZeros(int version) => PackedIntegers.PackRows(
        version == 1 ? Array.ConvertAll(Zeros, zero => (zero - 1) & ((1 << Bits) - 1)) : Zeros, Outputs, Bits);

    /// <summary>The weight, <c>[out, in]</c>.</summary>
    public float[] Dequantise()
    {
        var weight = new float[Outputs * Inputs];
        for (var i = 0; i < Inputs; i++)
        {
            var group = Groups[i] * Outputs;
            for (var o = 0; o < Outputs; o++)
            {
                weight[(o * Inputs) + i] = Scales[group + o] * (Codes[(i * Outputs) + o] - Zeros[group + o]);
            }
        }

        return weight;
    }
}
