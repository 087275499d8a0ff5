using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces by <see cref="BpeModel"/>; holds the working memory of one thread.</summary>
internal sealed class BpeEncoder(BpeModel model) : IPieceEncoder
{
    private readonly BpeWord _word = new(model.Merges);
    private readonly PieceCache _cache = new();

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        for (var start = 0; start < piece.Length;)
        {
            var end = model.Cuts.EndOfUnit(piece, start);
            EncodeUnit(piece[start..end], start, output);
            start = end;
        }
    }

    private void EncodeUnit(ReadOnlySpan<byte> unit, int origin, TokenBuffer output)
    {
        if (_cache.TryGet(unit, out var ids, out var lengths))
        {
            output.AddRun(ids, lengths, origin);
            return;
        }

        _word.Clear();
        if (model.Options.IgnoreMerges && model.Spelling.Find(unit) is >= 0 and var whole)
        {
            _word.Add(whole, unit.Length);
        }
        else
        {
            AddSymbols(unit);
            _word.Merge();
        }

        var first = output.Count;
        _word.CopyTo(output, origin);
        _cache.Put(unit, output, first);
    }

    private void AddSymbols(ReadOnlySpan<byte> unit)
    {
        if (model.Options.SymbolsAreBytes && model.ContinuingPrefix.Length == 0 && model.EndSuffix.Length == 0)
        {
            AddBytes(unit);
        }
        else
        {
            AddCharacters(unit);
        }
    }

    private void AddBytes(ReadOnlySpan<byte> unit)
    {
        foreach (var value in unit)
        {
            if (model.FirstSymbols[value] is >= 0 and var id)
            {
                _word.EndUnknown();
                _word.Add(id, 1);
            }
            else if (model.UnknownId is { } unknown)
            {
                _word.AddUnknown(unknown, 1, model.Options.FuseUnknown);
            }
        }

        _word.EndUnknown();
    }

    private void AddCharacters(ReadOnlySpan<byte> unit)
    {
        for (var start = 0; start < unit.Length;)
        {
            var length = model.Options.SymbolsAreBytes ? 1 : Utf8Text.LengthAt(unit, start);
            var end = start + length;
            AddCharacter(Spell(unit[start..end], isFirst: start == 0, isLast: end == unit.Length), length);
            start = end;
        }

        _word.EndUnknown();
    }

    private void AddCharacter(ReadOnlySpan<byte> symbol, int length)
    {
        if (model.Spelling.Find(symbol) is >= 0 and var id)
        {
            _word.EndUnknown();
            _word.Add(id, length);
        }
        else if (HasByteTokens(symbol))
        {
            foreach (var value in symbol)
            {
                _word.Add(model.ByteToken(value), 1);
            }
        }
        else if (model.UnknownId is { } unknown)
        {
            _word.AddUnknown(unknown, length, model.Options.FuseUnknown);
        }
    }

    private bool HasByteTokens(ReadOnlySpan<byte> symbol)
    {
        if (!model.Options.ByteFallback)
        {
            return false;
        }

        foreach (var value in symbol)
        {
            if (model.ByteToken(value) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<byte> Spell(ReadOnlySpan<byte> character, bool isFirst, bool isLast)
    {
        if ((isFirst || model.ContinuingPrefix.Length == 0) && (!isLast || model.EndSuffix.Length == 0))
        {
            return character;
        }

        return (byte[])[.. isFirst ? [] : model.ContinuingPrefix, .. character, .. isLast ? model.EndSuffix : []];
    }
}
