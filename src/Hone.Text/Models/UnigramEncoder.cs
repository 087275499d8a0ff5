using Hone.Text.Pipeline;

namespace Hone.Text.Models;

/// <summary>Encodes pieces by <see cref="UnigramModel"/>; holds the working memory of one thread.</summary>
internal sealed class UnigramEncoder(UnigramModel model) : IPieceEncoder
{
    private const int Unreached = -1;
    private const int Unknown = -1;

    private double[] _scores = [];  // of the best way up to each byte
    private int[] _starts = [];     // where the last token of that way starts
    private int[] _ids = [];        // that token, Unknown for an unknown character
    private readonly List<(int Start, int End, int Id)> _path = [];

    /// <inheritdoc/>
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

    private void FindBestWay(ReadOnlySpan<byte> piece)
    {
        Prepare(piece.Length + 1);
        for (var start = 0; start < piece.Length;)
        {
            var character = start + Utf8Text.LengthAt(piece, start);
            var coversCharacter = false;
            var node = ByteTrie.Root;
            for (var end = start; end < piece.Length && (node = model.Trie.Next(node, piece[end])) >= 0; end++)
            {
                if (model.Trie.ValueOf(node) is >= 0 and var id)
                {
                    Offer(start, end + 1, id, model.Scores[id]);
                    coversCharacter |= end + 1 == character;
                }
            }

            if (!coversCharacter)
            {
                Offer(start, character, Unknown, model.Options.UnknownScore);
            }

            start = character;
        }
    }

    private void Offer(int start, int end, int id, double score)
    {
        var sum = _scores[start] + score;
        sum = model.Options.InSinglePrecision ? (float)sum : sum;
        if (_starts[end] == Unreached || sum > _scores[end])
        {
            (_scores[end], _starts[end], _ids[end]) = (sum, start, id);
        }
    }

    // Backwards; neighbouring unknown characters join.
    private void TracePath(int length)
    {
        _path.Clear();
        for (var end = length; end > 0; end = _starts[end])
        {
            var id = _ids[end] == model.UnknownId ? Unknown : _ids[end];
            if (id == Unknown && _path is [.., { Id: Unknown } later])
            {
                _path[^1] = later with { Start = _starts[end] };
            }
            else
            {
                _path.Add((_starts[end], end, id));
            }
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

    private void Prepare(int count)
    {
        if (_scores.Length < count)
        {
            var size = Math.Max(count, _scores.Length * 2);
            (_scores, _starts, _ids) = (new double[size], new int[size], new int[size]);
        }

        _starts.AsSpan(0, count).Fill(Unreached);
        _scores[0] = 0;
    }
}
