using Hone.Benchmarks.Running;

namespace Hone.Benchmarks.Tests;

/// <summary>A program that says what it was told to say.</summary>
internal sealed class ScriptedProgram : IProgram
{
    private readonly Dictionary<string, (string[] Lines, ProgramEnd End)> _answers = [];

    /// <summary>The arguments of each start.</summary>
    public List<string> Starts { get; } = [];

    /// <summary>Is told of each start.</summary>
    public Action<string> Started { get; set; } = _ => { };

    /// <summary>Lets it answer some arguments.</summary>
    public void Answer(string words, string[] lines, int code = 0, string errors = "", bool isTimedOut = false) =>
        _answers[words] = (lines, new ProgramEnd(code, errors, isTimedOut));

    public ProgramEnd Run(IReadOnlyList<string> words, TimeSpan limit, Action<string> output, CancellationToken cancel)
    {
        var joined = string.Join(' ', words);
        Starts.Add(joined);
        Started(joined);
        cancel.ThrowIfCancellationRequested();
        var (lines, end) = _answers.GetValueOrDefault(joined, ([], new ProgramEnd(0, "", false)));
        foreach (var line in lines)
        {
            output(line);
        }

        return end;
    }
}
