using Hone.Benchmarks.Machine;
using Hone.Benchmarks.Models;
using Hone.Benchmarks.Running;

namespace Hone.Benchmarks.Works;

/// <summary>What works are done with.</summary>
public sealed record WorkContext
{
    /// <summary>The models.</summary>
    public required ModelStore Models { get; init; }

    /// <summary>The texts and tokenizers.</summary>
    public required TextPlaces Texts { get; init; }

    /// <summary>The processor.</summary>
    public required ProcessorRecord Processor { get; init; }

    /// <summary>Hone itself, to be started anew.</summary>
    public required IProgram Program { get; init; }

    /// <summary>An empty folder for what a work writes; whoever gave it clears it away.</summary>
    public required string Scratch { get; init; }

    /// <summary>The clock that works are timed with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Threads that compute.</summary>
    public required int Threads { get; init; }

    /// <summary>Whether few repetitions are enough.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The works of this round, whose products the machine's limits are asked for.</summary>
    public IReadOnlyList<IWorkload> Round { get; init; } = [];
}

/// <summary>Where texts and tokenizers are.</summary>
/// <param name="TextFolders">Where the text may lie, the first that has it counts.</param>
/// <param name="Tokenizers">The folder of tokenizers by their names.</param>
/// <param name="UnigramFolders">Where the unigram tokenizer may lie.</param>
public sealed record TextPlaces(
    IReadOnlyList<string> TextFolders, string Tokenizers, IReadOnlyList<string> UnigramFolders);
