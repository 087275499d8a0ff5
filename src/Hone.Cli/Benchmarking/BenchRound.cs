using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Running;
using Hone.Benchmarks.Works;
using Hone.Training.Recipes;

namespace Hone.Cli.Benchmarking;

/// <summary>A round of measurements as the words of a command line say it.</summary>
internal sealed record BenchRound
{
    /// <summary>The works asked for; none for all usual ones.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether few repetitions are enough.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether works that are not worth their time on this processor are done too.</summary>
    public bool IsEverything { get; init; }

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether CPU seconds are counted.</summary>
    public bool CountsCpuTime { get; init; }

    /// <summary>The working folder of the peers' scripts.</summary>
    public string PeersFolder { get; init; } = ModelStore.UsualPeersFolder;

    /// <summary>Where our own models are kept, and what a work writes.</summary>
    public string WorkFolder { get; init; } = ModelStore.UsualOwnFolder;

    /// <summary>The clock that works are timed with.</summary>
    public TimeProvider Time => CountsCpuTime ? new CpuTime() : TimeProvider.System;

    /// <summary>The works of the round.</summary>
    /// <exception cref="OptionsException">A name stands for nothing.</exception>
    public IReadOnlyList<IWorkload> Works(ProcessorRecord processor) =>
        Catalogue.Select(Names, new RoundChoice(processor, IsQuick, IsEverything));

    /// <summary>What the works are done with.</summary>
    /// <param name="processor">The processor.</param>
    /// <param name="scratch">Where works write.</param>
    /// <param name="round">The works whose products the machine's limits are asked for.</param>
    public WorkContext Context(ProcessorRecord processor, string scratch, IReadOnlyList<IWorkload> round) => new()
    {
        Models = new ModelStore(PeersFolder, WorkFolder),
        Texts = Texts(),
        Processor = processor,
        Program = new OwnProgram(AppContext.BaseDirectory),
        Scratch = scratch,
        Time = Time,
        Threads = Threads,
        IsQuick = IsQuick,
        Round = round,
    };

    /// <summary>The arguments with which Hone does one work of this round in a process of its own.</summary>
    public IReadOnlyList<string> Words(IWorkload work, WorkContext context) =>
    [
        "bench", work.Name, "--here", context.Scratch, "--threads", $"{Threads}", "--peers", PeersFolder,
        "--work", WorkFolder,
        .. IsQuick ? ["--quick"] : (string[])[],
        .. CountsCpuTime ? ["--clock", "cpu"] : (string[])[],
        .. work == Catalogue.Limits ? context.Round.SelectMany(one => new[] { "--beside", one.Name }) : [],
    ];

    private TextPlaces Texts()
    {
        var fixtures = RecipeVariables.Of("recipe.yaml").Fixtures;
        var data = Path.Combine(fixtures, "..", "bench", "data");
        return new TextPlaces(
            [PeersFolder, data], Path.Combine(fixtures, "tokenizers"),
            [Path.Combine(PeersFolder, "unigram"), Path.Combine(data, "unigram")]);
    }
}
