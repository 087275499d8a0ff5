using System.Buffers.Binary;
using System.Text.Json;

namespace Hone.Cli.Tests;

/// <summary>Damages model folders.</summary>
internal static class DamagedModel
{
    /// <summary>Makes the first number of the embedding NaN. A safetensors file is the length of its header (8 bytes),
    /// the header, the data.</summary>
    public static void PutNaN(string folder)
    {
        var path = Path.Combine(folder, "model.safetensors");
        var bytes = File.ReadAllBytes(path);
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var offset = json.RootElement.GetProperty("model.embed_tokens.weight").GetProperty(
            "data_offsets")[0].GetInt32();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + header + offset), float.NaN);
        File.WriteAllBytes(path, bytes);
    }
}
