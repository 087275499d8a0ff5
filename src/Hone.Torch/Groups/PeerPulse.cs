using System.Text;

namespace Hone.Torch;

/// <summary>What a rank tells the others about itself while it works.</summary>
/// <param name="Beat">Counts up for as long as the process lives.</param>
/// <param name="Operations">Collective operations it has begun.</param>
/// <param name="Status">How it is.</param>
/// <param name="Words">Why it failed; else empty.</param>
internal readonly record struct PeerPulse(long Beat, long Operations, PeerStatus Status, string Words)
{
    /// <summary>Of a rank that has not been heard of yet.</summary>
    public static PeerPulse None { get; } = new(0, 0, PeerStatus.Working, "");

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Beat);
        writer.Write(Operations);
        writer.Write((byte)Status);
        writer.Write(Words);
        writer.Flush();
        return bytes.ToArray();
    }

    public static PeerPulse FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return new PeerPulse(
            reader.ReadInt64(), reader.ReadInt64(), (PeerStatus)reader.ReadByte(), reader.ReadString());
    }
}
