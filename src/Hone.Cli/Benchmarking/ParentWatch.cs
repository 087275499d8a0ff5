namespace Hone.Cli.Benchmarking;

/// <summary>
/// Ends this process when the one that started it is gone, so that nothing goes on computing for nobody.
/// </summary>
internal static class ParentWatch
{
    /// <summary>Watches standard input, which the other process holds open and never writes to.</summary>
    public static void Begin(TextReader input)
    {
        var thread = new Thread(() =>
        {
            while (input.ReadLine() is not null)
            {
            }

            Environment.Exit((int)ExitCode.Interrupted);
        })
        {
            IsBackground = true,
            Name = "hone parent watch",
        };
        thread.Start();
    }
}
