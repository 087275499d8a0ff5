namespace Hone.Training.Recipes;

/// <summary>A recipe or a command that cannot be followed, with every reason at once.</summary>
public sealed class OptionsException : Exception
{
    /// <summary>Refuses for one reason.</summary>
    /// <param name="message">The place, what must hold, what was found, and what to do.</param>
    public OptionsException(string message)
        : base(message)
    {
        Problems = [message];
    }

    /// <summary>Refuses a recipe for all its faults.</summary>
    public OptionsException(IReadOnlyList<RecipeProblem> problems)
        : base(string.Join('\n', problems))
    {
        Problems = [.. problems.Select(problem => problem.ToString())];
    }

    private OptionsException(string message, IReadOnlyList<string> problems)
        : base(message)
    {
        Problems = problems;
    }

    /// <summary>The reasons, one a line, in the order of the file.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Refuses for several reasons.</summary>
    /// <param name="problems">The place, what must hold, what was found, and what to do, each.</param>
    public static OptionsException Of(IReadOnlyList<string> problems) => new(string.Join('\n', problems), problems);
}
