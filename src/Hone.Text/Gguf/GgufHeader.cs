using System.Globalization;

namespace Hone.Text.Gguf;

/// <summary>The checked header of a GGUF file: its metadata, and which tensors lie where.</summary>
/// <remarks>
/// Layout, little endian: "GGUF", version, number of tensors, number of keys, then the keys (name, type of value,
/// value), then the tensors (name, dimensions, type, offset), then the data from the next multiple of
/// <c>general.alignment</c> on. A string is its length and its bytes; a list the type of its items, their number, and
/// they. Everything is checked before a byte of data is read. Messages say what the file does; who catches one says
/// which file.
/// </remarks>
public sealed class GgufHeader
{
    private const uint Magic = 0x46554747;
    private const string AlignmentKey = "general.alignment";
    private const int UsualAlignment = 32;
    private const int LeastKey = 13;

    private readonly Dictionary<string, GgufValue> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufTensor> _byName;

    private GgufHeader(Stream stream)
    {
        var source = new GgufSource(stream);
        Version = ReadVersion(source, stream.Length);
        var tensors = source.Count("tensor", GgufTensorTable.LeastEntry);
        var keys = source.Count("metadata", LeastKey);
        source.Part = "metadata";
        for (var i = 0; i < keys; i++)
        {
            var name = source.Name("key");
            if (!_metadata.TryAdd(name, source.Value(source.TypeOf(name), name)))
            {
                throw new FormatException($"has the key '{name}' twice");
            }
        }

        Alignment = ReadAlignment();
        source.Part = "tensor table";
        Tensors = GgufTensorTable.Read(source, tensors, Alignment);
        DataStart = (source.Position + Alignment - 1) / Alignment * Alignment;
        GgufTensorTable.CheckPlaces(Tensors, Math.Max(0, stream.Length - DataStart));
        _byName = Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The version of the format, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>What the places of tensors are multiples of, in bytes.</summary>
    public int Alignment { get; }

    /// <summary>Where the data begin, in bytes from the start of the file.</summary>
    public long DataStart { get; }

    /// <summary>All keys with their values.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata => _metadata;

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="FormatException">It is no GGUF file, or a damaged one; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static GgufHeader Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return new GgufHeader(stream);
    }

    /// <summary>The tensor called <paramref name="name"/>, or null.</summary>
    public GgufTensor? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether there is a key called <paramref name="name"/>.</summary>
    public bool Has(string name) => _metadata.ContainsKey(name);

    /// <summary>The text called <paramref name="name"/>; null where it is absent.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public string? Text(string name) => Find<GgufValue.Text>(name, "text")?.Value;

    /// <summary>The list of texts called <paramref name="name"/>; null where it is absent.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public string[]? Texts(string name) => Find<GgufValue.Texts>(name, "a list of texts")?.Values;

    /// <summary>The list of numbers called <paramref name="name"/>; null where it is absent.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public double[]? Numbers(string name) => Find<GgufValue.Numbers>(name, "a list of numbers")?.Values;

    /// <summary>The whole number called <paramref name="name"/>; null where it is absent.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public int? Int(string name) => Find<GgufValue.Whole>(name, "a whole number")?.Value switch
    {
        null => null,
        { } value => (int)Int128.Clamp(value, int.MinValue, int.MaxValue),
    };

    /// <summary>The number called <paramref name="name"/>; null where it is absent.</summary>
    /// <remarks>A single-precision number counts as the shortest decimal that gives it: 1e-05, not
    /// 9.99999974737875e-06.</remarks>
    /// <exception cref="FormatException">It is something else.</exception>
    public double? Number(string name) => _metadata.GetValueOrDefault(name) switch
    {
        null => null,
        GgufValue.Whole whole => (double)whole.Value,
        GgufValue.Real { Type: GgufValueType.Float32 } real => Shortest((float)real.Value),
        GgufValue.Real real => real.Value,
        _ => throw new FormatException($"must have a number as {name}"),
    };

    /// <summary>The truth value called <paramref name="name"/>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public bool Bool(string name, bool otherwise) =>
        Find<GgufValue.Whole>(name, "true or false") is { } value ? value.Value != 0 : otherwise;

    private static double Shortest(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int ReadVersion(GgufSource source, long length)
    {
        if (length == 0)
        {
            throw new FormatException("the file is 0 bytes");
        }

        if (source.UInt32() != Magic)
        {
            throw new FormatException("does not begin with GGUF: its magic is not GGUF's");
        }

        return source.UInt32() switch
        {
            2 => 2,
            3 => 3,
            1 => throw new FormatException("has the version 1, which is not supported; known are 2 and 3"),
            var version when (version & 0xffff) == 0 =>
                throw new FormatException("is big-endian; only little-endian files are read"),
            var version =>
                throw new FormatException($"has the version {version}, which is not known; known are 2 and 3"),
        };
    }

    private int ReadAlignment() => _metadata.GetValueOrDefault(AlignmentKey) switch
    {
        null => UsualAlignment,
        GgufValue.Whole { Type: GgufValueType.UInt32, Value: var value } when value > 0 && value <= 1 << 20
            && Int128.IsPow2(value) => (int)value,
        GgufValue.Whole { Type: GgufValueType.UInt32, Value: var value } => throw new FormatException(
            $"has the alignment {value}, which must be a power of two up to {1 << 20}"),
        _ => throw new FormatException($"{AlignmentKey} is not a uint32"),
    };

    private T? Find<T>(string name, string what)
        where T : GgufValue =>
        _metadata.TryGetValue(name, out var value)
            ? value as T ?? throw new FormatException($"must have {what} as {name}")
            : null;
}
