namespace Hone.Data.Tests.Packing;

/// <summary>Examples to pack: token k of all is k = 1, 2, …; all but the first of each are targets.</summary>
internal static class Sequences
{
    public static List<TrainingExample> Of(params IEnumerable<int> lengths)
    {
        var token = 1;
        return [.. lengths.Select(length => new TrainingExample(
            [.. Enumerable.Range(0, length).Select(_ => token++)],
            [.. Enumerable.Range(0, length).Select(i => i > 0)]))];
    }

    public static List<int> RandomLengths(int seed, int count, int longest)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => chance.Next(0, longest + 1))];
    }
}
