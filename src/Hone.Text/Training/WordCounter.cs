using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Hone.Text.Pipeline;

namespace Hone.Text.Training;

/// <summary>Counts the words that normalizer and pre-tokenizer make of texts, on all processors.</summary>
internal sealed class WordCounter(INormalizer? normalizer, IPreTokenizer? preTokenizer)
{
    private const int TextsAtOnce = 256;

    /// <summary>The words with how often they occur, in ordinal order.</summary>
    public IReadOnlyList<(string Word, long Count)> Count(IEnumerable<string> texts, CancellationToken cancel)
    {
        var all = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            CountInto(all, texts, cancel);
        }
        catch (AggregateException several) when (several.InnerExceptions is [var first, ..])
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return [.. all.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
    }

    private void CountInto(Dictionary<string, long> all, IEnumerable<string> texts, CancellationToken cancel) =>
        Parallel.ForEach(
            Partitioner.Create(texts.Chunk(TextsAtOnce), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new WordReader(normalizer, preTokenizer),
            (chunk, _, reader) =>
            {
                foreach (var text in chunk)
                {
                    reader.Add(text);
                }

                return reader;
            },
            reader =>
            {
                lock (all)
                {
                    reader.MoveTo(all);
                }
            });

    /// <summary>The words of one thread.</summary>
    private sealed class WordReader(INormalizer? normalizer, IPreTokenizer? preTokenizer)
    {
        private readonly AlignedText _input = new();
        private readonly AlignedText _normalized = new();
        private readonly PreTokenizedText _pieces = new();
        private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
        private char[] _letters = new char[64];

        public void Add(string text)
        {
            if (text.Length == 0)
            {
                return;
            }

            _input.Set(text, tracks: preTokenizer?.NeedsSpans ?? false);
            _normalized.Clear(_input.Tracks);
            var section = normalizer?.Rewrite(_input, _normalized) == true ? _normalized : _input;
            if (section.Length == 0)
            {
                return;
            }

            _pieces.Reset(section, 0, section.Length);
            preTokenizer?.Split(_pieces);
            var lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var index = 0; index < _pieces.Count; index++)
            {
                var bytes = _pieces.BytesOf(_pieces[index]);
                if (_letters.Length < bytes.Length)
                {
                    _letters = new char[bytes.Length * 2];
                }

                var word = _letters.AsSpan(0, Encoding.UTF8.GetChars(bytes, _letters));
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, word, out _)++;
            }
        }

        public void MoveTo(Dictionary<string, long> all)
        {
            foreach (var (word, count) in _counts)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(all, word, out _) += count;
            }

            all.Remove("");
        }
    }
}
