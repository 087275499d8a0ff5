using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces by <see cref="BpeModel"/>; holds the working memory of one thread.</summary>
internal sealed class BpeEncoder(BpeModel model) : IPieceEncoder
{
    private readonly BpeWord _word = new(model.Merges);

    // Whether symbols are spelt as they stand in the piece.
    private readonly bool _isPlain = model.ContinuingPrefix.Length == 0 && model.EndSuffix.Length == 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        var whole = model.Options.IgnoreMerges ? model.Spelling.Find(piece) : model.WholeTokens?.Find(piece) ?? -1;
        if (whole >= 0)
        {
            output.Add(whole, 0, piece.Length);
            return;
        }

        _word.Clear();
        AddSymbols(piece);
        _word.Merge();
        _word.CopyTo(output, 0);
    }

    private void AddSymbols(ReadOnlySpan<byte> unit)
    {
        if (_isPlain && model.Options.SymbolsAreBytes)
        {
            AddBytes(unit);
        }
        else
        {
            AddCharacters(unit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddCharacters(ReadOnlySpan<byte> unit)
    {
        for (var start = 0; start < unit.Length;)
        {
            if (_isPlain && unit[start] < 0x80 && model.FirstSymbols[unit[start]] is >= 0 and var id)
            {
                _word.EndUnknown();
                _word.Add(id, 1);
                start++;
                continue;
            }

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
