using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Micro;
using Hone.Benchmarks.Models;
using Hone.Training.Recipes;

namespace Hone.Benchmarks.Works;

/// <summary>Everything that can be measured. A new work is a line here.</summary>
public static class Catalogue
{
    private static readonly string[] Both = [Precisions.Float32, Precisions.BFloat16];
    private static readonly string[] Kept = [.. Both, Precisions.Int8, Precisions.Int4];

    /// <summary>What measures the machine.</summary>
    public static IWorkload Limits { get; } = new LimitsWork();

    /// <summary>All works, the machine's limits first.</summary>
    public static IReadOnlyList<IWorkload> All { get; } =
    [
        Limits,
        new StartUpWork(),
        new FusedWork(),
        new OptimizerWork(Precisions.Float32),
        new OptimizerWork(Precisions.ByteStates),
        .. from model in new[] { BenchmarkModel.L15M, BenchmarkModel.L110M, BenchmarkModel.Gpt2 }
           from precision in Both
           select new SupervisedWork(model, precision),
        .. from model in new[] { BenchmarkModel.L15M, BenchmarkModel.L110M }
           from precision in Both
           from reference in new[] { DpoReference.Precomputed, DpoReference.EachStep }
           select new PreferenceWork(model, precision, reference),
        .. from model in new[] { BenchmarkModel.L15M, BenchmarkModel.L110M }
           from precision in Both
           select new ProfileWork(model, precision),
        .. from model in new[] { BenchmarkModel.L15M, BenchmarkModel.L110M }
           from precision in Both
           select new PolicyWork(model, precision),
        .. from batch in new[] { 1, 8, 32, 64 }
           from precision in Kept
           select new DecodingWork(BenchmarkModel.L110M, batch, 128, precision),
        .. from batch in new[] { 1, 8, 32 }
           from precision in Both
           select new DecodingWork(BenchmarkModel.L110M, batch, 128, precision, rank: 16),
        .. Kept.Select(precision => new PrefillWork(BenchmarkModel.L110M, precision)),
        .. from batch in new[] { 1, 8 }
           from precision in Kept
           select new DecodingWork(BenchmarkModel.L05B, batch, 64, precision),
        .. Kept.Select(precision => new PrefillWork(BenchmarkModel.L05B, precision)),
        .. from model in new[] { BenchmarkModel.L15M, BenchmarkModel.L110M }
           from precision in Both
           select new SearchWork(model, precision),
        .. from tokenizer in new[] { "gpt-2", "llama-spm", "qwen2", "unigram" }
           from isBatch in new[] { true, false }
           select new TokenizingWork(tokenizer, isBatch),
        new DataParallelWork(ranks: 1, threads: 1),
        new DataParallelWork(ranks: 2, threads: 1),
        new DataParallelWork(ranks: 1, threads: 2),
    ];

    /// <summary>
    /// The works that names stand for: a name stands for itself and for all that go on after it with a slash.
    /// </summary>
    /// <param name="names">The names; none stands for all usual works.</param>
    /// <param name="choice">What belongs to a round for which no name is given.</param>
    /// <exception cref="OptionsException">A name stands for nothing.</exception>
    public static IReadOnlyList<IWorkload> Select(IReadOnlyList<string> names, RoundChoice choice)
    {
        if (names is [])
        {
            return [.. All.Where(choice.Takes)];
        }

        var problems = names.Where(name => !All.Any(work => Names(name, work))).Select(Unknown).ToList();
        return problems is []
            ? [.. All.Where(work => names.Any(name => Names(name, work)))]
            : throw new OptionsException(string.Join('\n', problems));
    }

    private static bool Names(string name, IWorkload work) =>
        work.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || work.Name.StartsWith(name.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);

    private static string Unknown(string name)
    {
        var names = All.SelectMany(work => Prefixes(work.Name)).Distinct();
        return $"hone bench: must be given names of works, {name} is none; "
            + (NearestName.Of(name, names) is { } near ? $"did you mean {near}?" : "see `hone bench ls`");
    }

    /// <summary>P1, P1/L15M and P1/L15M/fp32 of the last.</summary>
    private static IEnumerable<string> Prefixes(string name) =>
        name.Select((letter, i) => letter == '/' ? name[..i] : "").Where(prefix => prefix.Length > 0).Append(name);
}

/// <summary>Which works belong to a round that names none.</summary>
/// <param name="Processor">The processor.</param>
/// <param name="IsQuick">Whether only those of the quick round.</param>
/// <param name="IsEverything">Whether also those that are not worth their time on this processor.</param>
public sealed record RoundChoice(ProcessorRecord Processor, bool IsQuick, bool IsEverything)
{
    /// <summary>Whether a work belongs to it.</summary>
    public bool Takes(IWorkload work) => (IsEverything || work.IsUsual(Processor)) && (!IsQuick || work.IsQuick);
}
