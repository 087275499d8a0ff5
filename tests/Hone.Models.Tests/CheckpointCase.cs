using System.Text.Json;
using Hone.Models.Checkpoints;

namespace Hone.Models.Tests;

/// <summary>A tiny checkpoint with what a reference implementation computes from it; the format is described in the
/// reference values' README.</summary>
internal sealed class CheckpointCase
{
    private CheckpointCase(string folder)
    {
        Folder = folder;
        Json = Fixtures.Json(Path.Combine(folder, "case.json"));
    }

    public string Folder { get; }

    public JsonElement Json { get; }

    public static CheckpointCase Open(string name) => new(Fixtures.Golden("models", "checkpoints", name));

    public int[][] Ids => [.. Json.GetProperty("inputs").GetProperty("ids").EnumerateArray().Select(Fixtures.Ints)];

    public int[][] Labels =>
        [.. Json.GetProperty("inputs").GetProperty("labels").EnumerateArray().Select(Fixtures.Ints)];

    public float[] Expected(string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder, "expected.safetensors"));
        using var tensor = file.Load(name);
        return tensor.ToArray<float>();
    }

    /// <summary>The greatest difference, as a part of the greatest magnitude.</summary>
    public static double RelativeDifference(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, magnitude = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"element {i} must be finite, got {actual[i]}");
            difference = Math.Max(difference, Math.Abs(actual[i] - expected[i]));
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }

        return difference / magnitude;
    }
}
