using System.Runtime.CompilerServices;
using Hone.Text.Models;

namespace Hone.Text.Pipeline;

/// <summary>Sends texts through a pipeline; holds the working memory of one thread.</summary>
internal sealed class EncodingSession(TokenPipeline pipeline)
{
    private readonly CachedEncoder _encoder = new(pipeline.Model.OpenEncoder());
    private readonly bool _needsSpans = pipeline.PreTokenizer?.NeedsSpans ?? false;
    private readonly AlignedText _input = new();
    private readonly AlignedText _section = new();
    private readonly AlignedText _normalized = new();
    private readonly PreTokenizedText _pieces = new();
    private readonly PieceList _parts = new();
    private readonly List<AddedSpan> _rawSpans = [];
    private readonly List<AddedSpan> _normalizedSpans = [];
    private int _words;

    /// <summary>The tokens of the text encoded last.</summary>
    public TokenBuffer Tokens { get; } = new();

    /// <summary>Encodes <paramref name="text"/> into <see cref="Tokens"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tracks">Whether the tokens get their spans in code points, their pre-tokens' numbers and what they
    /// matched.</param>
    public void Encode(ReadOnlySpan<char> text, bool tracks)
    {
        Tokens.Clear();
        _words = 0;
        Append(text, tracks);
    }

    /// <summary>Adds the tokens of one more text to <see cref="Tokens"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tracks">As in <see cref="Encode"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(ReadOnlySpan<char> text, bool tracks)
    {
        _input.Set(text, tracks || _needsSpans);
        pipeline.RawTokens.Split(_input.Bytes, _rawSpans);
        foreach (var span in _rawSpans)
        {
            if (span.Token is { } token)
            {
                AddWhole(token, _input, span);
            }
            else
            {
                EncodeSection(SectionOf(span));
            }
        }
    }

    private AlignedText SectionOf(AddedSpan span)
    {
        if (span.Start == 0 && span.End == _input.Length)
        {
            return _input;
        }

        _section.Clear(_input.Tracks);
        _section.Append(_input, span.Start, span.End);
        return _section;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeSection(AlignedText section)
    {
        _normalized.Clear(section.Tracks);
        var text = pipeline.Normalizer?.Rewrite(section, _normalized) == true ? _normalized : section;
        pipeline.NormalizedTokens.Split(text.Bytes, _normalizedSpans);
        foreach (var span in _normalizedSpans)
        {
            if (span.Token is { } token)
            {
                AddWhole(token, text, span);
            }
            else
            {
                EncodePieces(text, span);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodePieces(AlignedText text, AddedSpan span)
    {
        _pieces.Reset(text, span.Start, span.End);
        pipeline.PreTokenizer?.Split(_pieces);
        if (text.Tracks)
        {
            foreach (var piece in _pieces.All)
            {
                EncodeTracked(_pieces.Text, piece);
            }
        }
        else
        {
            _encoder.Encode(_pieces.Text.Padded, CutIntoParts(_pieces.Text, _pieces.All), Tokens);
        }
    }

    private void EncodeTracked(AlignedText text, Piece piece)
    {
        foreach (var part in CutIntoParts(text, [piece]))
        {
            var first = Tokens.Count;
            _encoder.Encode(text.Padded, part, Tokens);
            Tokens.Align(first, text, part.Start, _words);
        }

        _words++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<Piece> CutIntoParts(AlignedText text, ReadOnlySpan<Piece> pieces)
    {
        if (pipeline.Model.Cuts is not { } cuts)
        {
            return pieces;
        }

        _parts.Clear();
        foreach (var piece in pieces)
        {
            cuts.Cut(text.Padded, piece, _parts);
        }

        return _parts.All;
    }

    private void AddWhole(AddedToken token, AlignedText text, AddedSpan span)
    {
        var first = Tokens.Count;
        Tokens.AddAsText(token.Id, span.Start, span.End);
        if (text.Tracks)
        {
            Tokens.Align(first, text, 0, _words++);
        }
    }
}
