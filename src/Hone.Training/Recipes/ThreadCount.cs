using System.Globalization;

namespace Hone.Training.Recipes;

/// <summary>How many threads compute.</summary>
/// <param name="Count">The number of threads, or 0 for as many as the machine has processors.</param>
public readonly record struct ThreadCount(int Count)
{
    /// <summary>As many threads as there are processors.</summary>
    public static ThreadCount Auto => default;

    /// <summary>The number of threads of a process on this machine.</summary>
    /// <param name="processes">How many processes share the machine's processors.</param>
    public int Resolve(int processes = 1) => Count == 0 ? Math.Max(1, Environment.ProcessorCount / processes) : Count;

    /// <summary>The count as a recipe writes it.</summary>
    public override string ToString() => Count == 0 ? "auto" : Count.ToString(CultureInfo.InvariantCulture);

    internal static object? Read(string text) =>
        text == "auto" ? Auto
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 1024
            ? new ThreadCount(count)
            : null;
}
