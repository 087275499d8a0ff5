namespace Hone.Benchmarks.Running;

/// <summary>A program that can be started.</summary>
public interface IProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="words">Its arguments.</param>
    /// <param name="limit">The longest that it may take; it is ended then.</param>
    /// <param name="output">Gets each line of its standard output as it comes.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was called off, or it was interrupted itself.</exception>
    public ProgramEnd Run(IReadOnlyList<string> words, TimeSpan limit, Action<string> output, CancellationToken cancel);
}

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Errors">What it wrote to standard error.</param>
/// <param name="IsTimedOut">Whether it had to be ended because it took too long.</param>
public sealed record ProgramEnd(int Code, string Errors, bool IsTimedOut);
