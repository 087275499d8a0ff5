using Hone.Models.Generation;

namespace Hone.Training;

/// <summary>What follows from a recipe before anything is computed; what <c>hone plan</c> prints.</summary>
public sealed record TrainingPlan
{
    /// <summary>The purpose of the keys and values of a model that drafts.</summary>
    internal const string DraftCache = "draft model's cache";

    /// <summary>The method's name in recipes.</summary>
    public required string Method { get; init; }

    /// <summary>Steps of the run.</summary>
    public required int Steps { get; init; }

    /// <summary>Weights of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Weights that are trained.</summary>
    public required long TrainedParameters { get; init; }

    /// <summary>The dtype of matrix products.</summary>
    public required string Compute { get; init; }

    /// <summary>Why it is that dtype, in words.</summary>
    public required string ComputeReason { get; init; }

    /// <summary>How the model generates, and whether what it generates depends on the batch.</summary>
    public required GenerationPath Generation { get; init; }

    /// <summary>How it generates for an evaluation, where that is with weights in few bits; else null.</summary>
    public GenerationPath? Evaluation { get; init; }

    /// <summary>Processes that train together.</summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Threads that compute in each process.</summary>
    public required int Threads { get; init; }

    /// <summary>Rows to train on.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows to evaluate on.</summary>
    public required long EvaluationRows { get; init; }

    /// <summary>Times that each row is used, on average.</summary>
    public required double Epochs { get; init; }

    /// <summary>Sequences that each step trains on.</summary>
    public required int SequencesPerStep { get; init; }

    /// <summary>Updates of the weights in each step.</summary>
    public required int UpdatesPerStep { get; init; }

    /// <summary>Bytes by purpose (weights, optimizer, activations, cache, …), an estimate of the peak.</summary>
    public required IReadOnlyDictionary<string, long> Memory { get; init; }

    /// <summary>What is worth knowing before one starts, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
