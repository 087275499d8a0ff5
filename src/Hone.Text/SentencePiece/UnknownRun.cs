using Hone.Text.Pipeline;

namespace Hone.Text.SentencePiece;

/// <summary>Adds pieces, unknown ones as bytes or as one piece for each run of them.</summary>
internal ref struct UnknownRun(ReadOnlySpan<byte> text, int unknownId, ReadOnlySpan<int> byteTokens, TokenBuffer output)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ReadOnlySpan<int> _byteTokens = byteTokens;
    private int _start = -1;

    /// <summary>Adds a known piece.</summary>
    public void Add(int id, int start, int end)
    {
        End(start);
        output.Add(id, start, end);
    }

    /// <summary>Adds what no piece covers.</summary>
    public void AddUnknown(int start, int end)
    {
        if (_byteTokens.IsEmpty)
        {
            _start = _start < 0 ? start : _start;
            return;
        }

        foreach (var value in _text[start..end])
        {
            output.Add(_byteTokens[value], start, end);
        }
    }

    /// <summary>Ends the run of unknown pieces, if there is one, before the byte <paramref name="end"/>.</summary>
    public void End(int end)
    {
        if (_start >= 0)
        {
            output.AddAsText(unknownId, _start, end);
            _start = -1;
        }
    }
}
