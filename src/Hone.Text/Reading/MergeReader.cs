using System.Text;
using System.Text.Json;
using Hone.Text.Models;
using Hone.Text.Pipeline;

namespace Hone.Text.Reading;

/// <summary>Reads the merges of a BPE model: <c>"a b"</c> or <c>["a", "b"]</c>, in the order of their ranks.</summary>
internal sealed class MergeReader(Vocabulary vocabulary, int prefixLength)
{
    private byte[] _pair = new byte[256];   // the left token's bytes, then the right one's

    /// <summary>Reads all merges.</summary>
    public List<Merge> Read(JsonPart part)
    {
        var merges = new List<Merge>(part.Element.ValueKind == JsonValueKind.Array ? part.Element.GetArrayLength() : 0);
        foreach (var item in part.Items())
        {
            merges.Add(Read(item, merges.Count));
        }

        return merges;
    }

    private Merge Read(JsonPart item, int rank)
    {
        var (left, right) = ReadPair(item);
        var cut = Encoding.UTF8.GetByteCount(left);
        var length = cut + Encoding.UTF8.GetByteCount(right);
        if (_pair.Length < length)
        {
            _pair = new byte[length * 2];
        }

        Encoding.UTF8.GetBytes(left, _pair);
        Encoding.UTF8.GetBytes(right, _pair.AsSpan(cut));
        var pair = _pair.AsSpan(0, length);
        var result = prefixLength == 0
            ? Require(pair, item)
            : Require([.. pair[..cut], .. pair[Math.Min(cut + prefixLength, length)..]], item);
        return new Merge(Require(pair[..cut], item), Require(pair[cut..], item), result, rank);
    }

    private int Require(ReadOnlySpan<byte> token, JsonPart item) => vocabulary.Find(token) is >= 0 and var id
        ? id
        : throw item.Fault(
            $"must be of tokens of the vocabulary and make one, but \"{Encoding.UTF8.GetString(token)}\" is none");

    private static (string Left, string Right) ReadPair(JsonPart item)
    {
        if (item.Element.ValueKind == JsonValueKind.Array)
        {
            string[] parts = [.. item.Items().Select(token => token.Text())];
            return parts is [var first, var second]
                ? (first, second)
                : throw item.Fault($"must be two tokens, got {parts.Length}");
        }

        var text = item.Text();
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank >= 0 && text.IndexOf(' ', blank + 1) < 0
            ? (text[..blank], text[(blank + 1)..])
            : throw item.Fault($"must be two tokens with a blank between, got \"{text}\"");
    }
}
