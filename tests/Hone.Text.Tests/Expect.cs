namespace Hone.Text.Tests;

/// <summary>Assertions over many cases at once.</summary>
internal static class Expect
{
    /// <summary>Fails with all of <paramref name="differences"/>, one a line.</summary>
    public static void None(IEnumerable<string> differences)
    {
        var all = string.Join("\n", differences);
        Assert.True(all.Length == 0, all);
    }
}
