namespace Hone.Fuzz;

/// <summary>Gives a reader many damaged files, one after another.</summary>
/// <param name="target">The reader.</param>
/// <param name="tests">The repository's folder of tests, where the sound files lie.</param>
/// <param name="folder">Where the current file is written; it stays there when the process dies over it.</param>
public sealed class Fuzzer(ITarget target, string tests, string folder)
{
    private long _started;

    /// <summary>Where the current input lies.</summary>
    public string CurrentPath => Path.Combine(folder, target.FileName);

    /// <summary>Which input is being read.</summary>
    public long Index { get; private set; }

    /// <summary>How long the reader has been at it.</summary>
    public TimeSpan Busy => Volatile.Read(ref _started) is var started && started == 0
        ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(started);

    /// <summary>Reads <paramref name="inputs"/> files.</summary>
    /// <param name="seed">Decides all of them.</param>
    /// <param name="inputs">How many.</param>
    /// <returns>Those that the reader does not bear, as they are found; the first of each kind.</returns>
    public IEnumerable<Finding> Run(ulong seed, long inputs)
    {
        byte[][] seeds = [.. target.Seeds(tests)];
        var corpus = new Corpus(seeds);
        var draws = new Draws(seed);
        var mutator = new Mutator(draws);
        HashSet<string> known = [];
        for (Index = 0; Index < inputs; Index++)
        {
            // The sound files come first, and must be read.
            var isSound = Index < seeds.Length;
            var input = isSound ? seeds[Index] : mutator.Change(corpus.Draw(draws), draws.Of(seeds));
            File.WriteAllBytes(CurrentPath, input);
            Volatile.Write(ref _started, TimeProvider.System.GetTimestamp());
            var outcome = Reading.Of(target, CurrentPath, input.Length);
            Volatile.Write(ref _started, 0);
            corpus.Add(input, outcome.Answer);
            var fault =
                outcome.Fault ?? (isSound && !outcome.IsRead ? $"a sound file is refused: {outcome.Answer}" : null);
            if (fault is not null && known.Add(PlaceOf(fault)))
            {
                yield return new Finding(target.Name, Index, fault, input);
            }
        }
    }

    /// <summary>What tells one fault from another: the exception and the place in the code that threw it.</summary>
    private static string PlaceOf(string fault)
    {
        var own = fault.Split('\n').Where(line => !line.Contains("System.", StringComparison.Ordinal)).Take(2);
        return string.Concat(string.Join('\n', own.DefaultIfEmpty(fault)).Where(letter => !char.IsAsciiDigit(letter)));
    }
}
