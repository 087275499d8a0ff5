namespace Hone.Torch;

/// <summary>The values that codes of a few bits stand for, between −1 and 1.</summary>
public sealed class CodeTable
{
    private readonly byte[] _codeOfPlace;

    private CodeTable(string name, float[] values)
    {
        (Name, Values) = (name, values);
        byte[] places = [.. Enumerable.Range(0, values.Length).Select(code => (byte)code)];
        _codeOfPlace = [.. places.OrderBy(code => values[code])];
        Rising = [.. _codeOfPlace.Select(code => values[code])];
        ZeroCode = (byte)Array.IndexOf(values, 0f);
    }

    /// <summary>NormalFloat: 16 values between which a normal variable lies equally often, and 0.</summary>
    /// <remarks>QLoRA, arXiv:2305.14314, appendix E; the numbers are those of the published table.</remarks>
    public static CodeTable Nf4 { get; } = new("nf4",
    [
        -1f, -0.6961928f, -0.52507305f, -0.3949175f, -0.28444138f, -0.18477343f, -0.091050036f, 0f,
        0.0795803f, 0.1609302f, 0.2461123f, 0.33791524f, 0.44070983f, 0.562617f, 0.72295684f, 1f,
    ]);

    /// <summary>Floats of four bits: a sign, and eight magnitudes in twelfths of which the smallest is 1/192.</summary>
    public static CodeTable Fp4 { get; } = new("fp4",
    [
        0f, 0.0052083335f, 0.6666667f, 1f, 0.33333334f, 0.5f, 0.16666667f, 0.25f,
        0f, -0.0052083335f, -0.6666667f, -1f, -0.33333334f, -0.5f, -0.16666667f, -0.25f,
    ]);

    /// <summary>256 values of both signs over seven decades, finer in the larger ones.</summary>
    /// <remarks>Dynamic tree quantisation, arXiv:1511.04561; as used for states of optimizers,
    /// arXiv:2110.02861.</remarks>
    public static CodeTable SignedBytes { get; } = new("dynamic_signed", Dynamic(isSigned: true));

    /// <summary>256 values from 0 on over seven decades, twice as fine.</summary>
    public static CodeTable UnsignedBytes { get; } = new("dynamic_unsigned", Dynamic(isSigned: false));

    /// <summary>What the table is called.</summary>
    public string Name { get; }

    /// <summary>The value of each code.</summary>
    public IReadOnlyList<float> Values { get; }

    /// <summary>The values from the smallest to the largest.</summary>
    public IReadOnlyList<float> Rising { get; }

    /// <summary>The code of 0.</summary>
    public byte ZeroCode { get; }

    /// <summary>Whether two codes share a byte, the first in its high half.</summary>
    public bool IsHalfByte => Values.Count == 16;

    /// <summary>The code of each place among <see cref="Rising"/>.</summary>
    public ReadOnlySpan<byte> CodeOfPlace => _codeOfPlace;

    /// <summary>The values by code, float32 <c>[code]</c>; belongs to the scope that is open.</summary>
    public Tensor ToTensor() => Tensor.From<float>(((float[])Values).AsSpan(), Values.Count);

    // Decade i of 10⁻⁶ … 10⁰ has the means of neighbours among 2ⁱ + 1 (both signs) or 2ⁱ⁺¹ + 1 equally spaced numbers
    // of [0.1, 1]; then 0 and 1.
    private static float[] Dynamic(bool isSigned)
    {
        const int decades = 7;
        var values = new List<float> { 0, 1 };
        for (var i = 0; i < decades; i++)
        {
            var edges = Spaced(0.1f, 1, (1 << (isSigned ? i : i + 1)) + 1);
            var scale = (float)Math.Pow(10, i - decades + 1);
            for (var j = 0; j + 1 < edges.Length; j++)
            {
                var value = scale * ((edges[j] + edges[j + 1]) / 2);
                values.Add(value);
                if (isSigned)
                {
                    values.Add(-value);
                }
            }
        }

        return [.. values.Order()];
    }

    // From both ends, each rounded once: the table's last bits depend on it.
    private static float[] Spaced(float first, float last, int count)
    {
        var step = (last - first) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i < count / 2
            ? MathF.FusedMultiplyAdd(step, i, first)
            : MathF.FusedMultiplyAdd(-step, count - 1 - i, last))];
    }
}
