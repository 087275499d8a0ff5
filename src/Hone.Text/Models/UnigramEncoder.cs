using System.Runtime.CompilerServices;
using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces by <see cref="UnigramModel"/>; holds the working memory of one thread.</summary>
internal sealed class UnigramEncoder(UnigramModel model) : IPieceEncoder
{
    private const int Unreached = -1;
    private const int Unknown = -1;

    private Way[] _ways = [];       // the best one up to each byte
    private readonly bool _inSinglePrecision = model.Options.InSinglePrecision;
    private readonly List<(int Start, int End, int Id)> _path = [];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(ReadOnlySpan<byte> piece, TokenBuffer output)
    {
        FindBestWay(piece);
        TracePath(piece.Length);
        for (var index = _path.Count - 1; index >= 0; index--)
        {
            var (start, end, id) = _path[index];
            if (id == Unknown)
            {
                AddUnknown(piece[start..end], start, output);
            }
            else
            {
                output.Add(id, start, end);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindBestWay(ReadOnlySpan<byte> piece)
    {
        var ways = Prepare(piece.Length + 1);
        var (tokens, scores) = (model.Tokens, model.Scores);
        for (var start = 0; start < piece.Length;)
        {
            var sum = ways[start].Score;
            var character = start + Utf8Text.LengthAt(piece, start);
            var coversCharacter = false;
            var node = tokens.Root;
            for (var end = start; end < piece.Length && (node = tokens.Next(node, piece[end], out var id)) >= 0;)
            {
                end++;
                if (id >= 0)
                {
                    Offer(ref ways[end], start, id, sum + scores[id]);
                    coversCharacter |= end == character;
                }
            }

            if (!coversCharacter)
            {
                Offer(ref ways[character], start, Unknown, sum + model.Options.UnknownScore);
            }

            start = character;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Offer(ref Way way, int start, int id, double score)
    {
        score = _inSinglePrecision ? (float)score : score;
        if (way.Start == Unreached || score > way.Score)
        {
            way = new Way(score, start, id);
        }
    }

    // Backwards; neighbouring unknown characters join.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TracePath(int length)
    {
        _path.Clear();
        for (var end = length; end > 0;)
        {
            var (_, start, id) = _ways[end];
            id = id == model.UnknownId ? Unknown : id;
            if (id == Unknown && _path is [.., { Id: Unknown } later])
            {
                _path[^1] = later with { Start = start };
            }
            else
            {
                _path.Add((start, end, id));
            }

            end = start;
        }
    }

    private void AddUnknown(ReadOnlySpan<byte> run, int start, TokenBuffer output)
    {
        if (model.Options.LooksRunsUp && model.Vocabulary.Find(run) is >= 0 and var known)
        {
            output.Add(known, start, start + run.Length);
        }
        else if (HasByteTokens(run))
        {
            foreach (var value in run)
            {
                output.Add(model.ByteToken(value), start, start + run.Length);
            }
        }
        else
        {
            output.AddAsText(model.UnknownId ?? throw UnknownPiece.Fault(run, null), start, start + run.Length);
        }
    }

    private bool HasByteTokens(ReadOnlySpan<byte> run)
    {
        foreach (var value in run)
        {
            if (model.ByteToken(value) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private Span<Way> Prepare(int count)
    {
        if (_ways.Length < count)
        {
            _ways = new Way[Math.Max(count, _ways.Length * 2)];
        }

        var ways = _ways.AsSpan(0, count);
        ways.Fill(new Way(0, Unreached, Unknown));
        return ways;
    }

    /// <param name="Score">The sum of its tokens' scores.</param>
    /// <param name="Start">Where its last token starts.</param>
    /// <param name="Id">That token, <see cref="Unknown"/> for an unknown character.</param>
    private readonly record struct Way(double Score, int Start, int Id);
}
