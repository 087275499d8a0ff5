using System.Buffers.Binary;
using System.Text;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Fuzz.Targets;

internal sealed class SafetensorsTarget : ITarget
{
    public string Name => "safetensors";

    public string FileName => "model.safetensors";

    public IEnumerable<byte[]> Seeds(string tests) =>
    [
        File("""{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]}}""", 32),
        File("""{"__metadata__":{"format":"pt"},"x":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}   """, 8),
        File("""{"e":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"f":{"dtype":"F8_E4M3","shape":[1,2],"data_offsets":[0,2]}}""", 2),
    ];

    public long Read(string path)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(path);
        var produced = 0L;
        foreach (var entry in file.Header.Entries)
        {
            produced += entry.Name.Length
                + (SafetensorsTypes.TensorType(entry.Type) is null ? 0 : 4 * file.Load(entry.Name).Count);
        }

        return produced;
    }

    private static byte[] File(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[sizeof(long) + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, sizeof(long));
        return bytes;
    }
}
