using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Trajectories;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Models;

namespace Hone.Conformance.Checks.Real;

/// <summary>The model that a reference file lies beside.</summary>
internal static class RealModel
{
    /// <summary>What float32 code may differ by in a log-prob, by the model's own page.</summary>
    public static Tolerance LogProbs(GoldenCase golden) => new(0, Name(golden).StartsWith("smollm2") ? 2e-4 : 1e-4);

    /// <summary>What sums of log-probs may differ by.</summary>
    public static Tolerance Sums { get; } = new(0, 2e-3);

    /// <summary>The model's folder.</summary>
    public static string Folder(GoldenCase golden) => golden.Folders.InArea($"models/{Name(golden)}");

    /// <summary>Loads the model.</summary>
    public static ModelFolder Load(GoldenCase golden) => ModelFolder.Load(Folder(golden));

    /// <summary>All records of the case's own file.</summary>
    public static IReadOnlyList<Field> Records(GoldenCase golden) =>
        GoldenFile.Read(golden.Folders.InArea(golden.Path)).Lines;

    /// <summary>A list of token ids.</summary>
    public static int[] Ids(Field list) => [.. list.Numbers.Select(id => (int)id)];

    /// <summary>A run that trains the adapter which a record begins with.</summary>
    public static TrainingRun TrainAdapter(GoldenCase golden) =>
        new(Folder(golden), new Adam(), clipNorm: 0, golden.Beside("lora_init"));

    /// <summary>An answer to learn behind a prompt that is not.</summary>
    public static TrainingExample Example(int[] prompt, int[] answer)
    {
        bool[] trained = [.. prompt.Select(_ => false), .. answer.Select(_ => true)];
        return new TrainingExample([.. prompt, .. answer], trained);
    }

    // models/NAME/…
    private static string Name(GoldenCase golden) => golden.Path.Split('/')[1];
}
