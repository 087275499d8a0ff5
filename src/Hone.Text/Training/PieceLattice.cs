namespace Hone.Text.Training;

/// <summary>All ways to write a word in pieces, with their probabilities. For one thread; used again for each
/// word.</summary>
/// <remarks>Kudo, arXiv:1804.10959, eq. 1: P(x) = Π p(xᵢ).</remarks>
internal sealed class PieceLattice(PieceTrie trie, double[] scores, double unknownScore)
{
    /// <summary>What stands for a character that no piece is.</summary>
    public const int Unknown = -1;

    private const double Negligible = 50;

    private readonly List<Edge> _edges = [];
    private double[] _forward = [];
    private double[] _backward = [];
    private int[] _bestEdge = [];    // [place], the last piece of the best way there
    private int _length;

    /// <summary>Takes a word.</summary>
    public void Set(ReadOnlySpan<int> symbols)
    {
        _length = symbols.Length;
        _edges.Clear();
        if (_forward.Length <= _length)
        {
            _forward = new double[_length * 2 + 1];
            _backward = new double[_length * 2 + 1];
            _bestEdge = new int[_length * 2 + 1];
        }

        for (var begin = 0; begin < _length; begin++)
        {
            AddEdges(symbols, begin);
        }
    }

    /// <summary>Adds to <paramref name="expected"/> how often each piece is expected in the word, times
    /// <paramref name="weight"/>.</summary>
    public void AddExpected(double weight, double[] expected)
    {
        // α(j) = log Σ exp(α(i) + s(i, j)),   β(i) = log Σ exp(s(i, j) + β(j))
        Array.Fill(_forward, double.NegativeInfinity, 0, _length + 1);
        Array.Fill(_backward, double.NegativeInfinity, 0, _length + 1);
        (_forward[0], _backward[_length]) = (0, 0);
        foreach (var edge in _edges)
        {
            _forward[edge.End] = LogSum(_forward[edge.End], _forward[edge.Begin] + edge.Score);
        }

        for (var index = _edges.Count - 1; index >= 0; index--)
        {
            var edge = _edges[index];
            _backward[edge.Begin] = LogSum(_backward[edge.Begin], _backward[edge.End] + edge.Score);
        }

        // E[n(p)] = Σ exp(α(i) + s(i, j) + β(j) − α(n))
        var whole = _forward[_length];
        foreach (var edge in _edges)
        {
            if (edge.Piece != Unknown)
            {
                expected[edge.Piece] +=
                    weight * Math.Exp(_forward[edge.Begin] + edge.Score + _backward[edge.End] - whole);
            }
        }
    }

    /// <summary>Calls <paramref name="take"/> for each piece of the most probable way, from the end on.</summary>
    public void TakeBest(Action<int> take)
    {
        // Of equally probable ways to a place the one whose last piece begins first counts.
        Array.Fill(_forward, double.NegativeInfinity, 0, _length + 1);
        _forward[0] = 0;
        for (var index = 0; index < _edges.Count; index++)
        {
            var edge = _edges[index];
            if (_forward[edge.Begin] + edge.Score > _forward[edge.End])
            {
                _forward[edge.End] = _forward[edge.Begin] + edge.Score;
                _bestEdge[edge.End] = index;
            }
        }

        for (var at = _length; at > 0; at = _edges[_bestEdge[at]].Begin)
        {
            take(_edges[_bestEdge[at]].Piece);
        }
    }

    /// <summary>The two most probable ways as lists of pieces; the second is null where there is only one
    /// way.</summary>
    public (List<int> First, List<int>? Second) TakeTwo()
    {
        var ways = new List<Way>[_length + 1];
        for (var at = 0; at <= _length; at++)
        {
            ways[at] = [];
        }

        ways[0].Add(new Way(0, null, Unknown));
        foreach (var edge in _edges)
        {
            foreach (var way in ways[edge.Begin])
            {
                Insert(ways[edge.End], new Way(way.Score + edge.Score, way, edge.Piece));
            }
        }

        var ends = ways[_length];
        return (ends[0].Pieces(), ends.Count > 1 ? ends[1].Pieces() : null);
    }

    private static void Insert(List<Way> best, Way way)
    {
        var place = best.FindIndex(other => way.Score > other.Score);
        best.Insert(place < 0 ? best.Count : place, way);
        if (best.Count > 2)
        {
            best.RemoveAt(2);
        }
    }

    private void AddEdges(ReadOnlySpan<int> symbols, int begin)
    {
        var hasSingle = false;
        var node = 0;
        for (var end = begin + 1; end <= symbols.Length; end++)
        {
            node = trie.Next(node, symbols[end - 1]);
            if (node < 0)
            {
                break;
            }

            if (trie.PieceAt(node) is >= 0 and var piece)
            {
                _edges.Add(new Edge(begin, end, piece, scores[piece]));
                hasSingle |= end == begin + 1;
            }
        }

        if (!hasSingle)
        {
            _edges.Add(new Edge(begin, begin + 1, Unknown, unknownScore));
        }
    }

    private static double LogSum(double x, double y)
    {
        var (low, high) = x > y ? (y, x) : (x, y);
        return high > low + Negligible ? high : high + Math.Log(Math.Exp(low - high) + 1);
    }

    private readonly record struct Edge(int Begin, int End, int Piece, double Score);

    private sealed record Way(double Score, Way? Before, int Piece)
    {
        public List<int> Pieces()
        {
            List<int> pieces = [];
            for (var way = this; way.Before is not null; way = way.Before)
            {
                pieces.Add(way.Piece);
            }

            pieces.Reverse();
            return pieces;
        }
    }
}
