using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Decoders;

/// <summary>A running decoding: tokens in, text out.</summary>
internal sealed class TextDecoding
{
    private readonly Collector _collector = new();
    private readonly IDecodeStage _first;

    /// <summary>Opens the stages of <paramref name="decoder"/>.</summary>
    public TextDecoding(IDecoder decoder) => _first = decoder.Open(_collector);

    /// <summary>Decodes one token more.</summary>
    public void Add(string token)
    {
        _first.Write(token);
        _first.EndToken();
    }

    /// <summary>Takes the end of all tokens.</summary>
    public void Finish() => _first.Finish();

    /// <summary>The text that has become certain since the last call.</summary>
    public string TakeText()
    {
        var text = _collector.Text.ToString();
        _collector.Text.Clear();
        return text;
    }

    private sealed class Collector : IDecodeStage
    {
        public StringBuilder Text { get; } = new();

        public void Write(ReadOnlySpan<char> fragment) => Text.Append(fragment);

        public void EndToken()
        {
        }

        public void Finish()
        {
        }
    }
}
