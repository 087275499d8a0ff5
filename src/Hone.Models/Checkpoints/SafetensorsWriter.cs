using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Hone.Torch;

namespace Hone.Models.Checkpoints;

/// <summary>Writes safetensors files, byte for byte as the format's own library does.</summary>
/// <remarks>Tensors stand in the order of their types, widest first, and by name inside a type; the header is padded
/// with blanks to 8 bytes.</remarks>
public static class SafetensorsWriter
{
    private static readonly Dictionary<string, string> TorchFormat = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes one file: beside its place first, then renamed, so that nobody ever sees half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">What to write; each is copied to the CPU when its turn comes.</param>
    /// <param name="metadata">Free text entries; null for <c>format</c> = <c>pt</c>, which Python's loaders ask
    /// for.</param>
    /// <exception cref="CheckpointException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var entries = Layout(tensors);
        var header = Header(entries, metadata ?? TorchFormat);
        CheckpointFiles.Replace(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var entry in entries)
            {
                WriteData(stream, tensors[entry.Name]);
            }
        });
    }

    /// <summary>Where each tensor will lie.</summary>
    internal static IReadOnlyList<SafetensorsEntry> Layout(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var entries = new List<SafetensorsEntry>(tensors.Count);
        var offset = 0L;
        var ordered = tensors
            .Select(tensor => (Name: tensor.Key, Type: SafetensorsTypes.FileType(tensor.Value.DType), tensor.Value))
            .OrderByDescending(tensor => tensor.Type)
            .ThenBy(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var (name, type, tensor) in ordered)
        {
            var end = offset + (tensor.Count * tensor.DType.ByteSize());
            entries.Add(new SafetensorsEntry(name, type, tensor.Shape, offset, end));
            offset = end;
        }

        return entries;
    }

    /// <summary>The header's bytes, padded.</summary>
    internal static byte[] Header(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new StringBuilder("{");
        if (metadata.Count > 0)
        {
            json.Append("\"__metadata__\":{");
            json.AppendJoin(',', metadata
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{Quoted(pair.Key)}:{Quoted(pair.Value)}"));
            json.Append(entries.Count > 0 ? "}," : "}");
        }

        json.AppendJoin(',', entries.Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{Quoted(entry.Name)}:{{\"dtype\":\"{SafetensorsTypes.NameOf(entry.Type)}\",\"shape\":[{string.Join(',', entry.Shape)}],\"data_offsets\":[{entry.Begin},{entry.End}]}}")));
        json.Append('}');

        var length = Encoding.UTF8.GetByteCount(json.ToString());
        json.Append(' ', (8 - (length % 8)) % 8);
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    // JSON text as the format's library writes it: only what must be escaped is.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static void WriteData(Stream stream, Tensor tensor)
    {
        if (tensor.Count == 0)
        {
            return;
        }

        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        const int bytesAtOnce = 1 << 28;
        var flat = tensor.To(Device.Cpu).Contiguous().View(-1);
        var step = bytesAtOnce / tensor.DType.ByteSize();
        for (var start = 0L; start < flat.Count; start += step)
        {
            using var part = flat.Narrow(0, start, Math.Min(step, flat.Count - start));
            stream.Write(TensorBytes.Of(part));
        }
    }
}
