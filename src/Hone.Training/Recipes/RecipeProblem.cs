namespace Hone.Training.Recipes;

/// <summary>One fault of a recipe.</summary>
/// <param name="At">Where the value at fault stands.</param>
/// <param name="Key">The path of the key, such as <c>optimizer.beta1</c>; empty when the fault is of the file as a
/// whole.</param>
/// <param name="What">What must hold, what was found, what to do.</param>
public sealed record RecipeProblem(RecipePlace At, string Key, string What)
{
    /// <summary>The fault as one line: <c>run.yaml:12:18: optimizer.beta1: must be in [0, 1), got 1.2</c>.</summary>
    public override string ToString() => Key.Length == 0 ? $"{At}: {What}" : $"{At}: {Key}: {What}";
}

/// <summary>Where a value of a recipe was written: a line of a file, or an override of the command line.</summary>
/// <param name="Source">The file's path, or the override itself (<c>--set steps=3</c>).</param>
/// <param name="Line">The line from 1; 0 when the source has no lines.</param>
/// <param name="Column">The column from 1; 0 when the source has no lines.</param>
public readonly record struct RecipePlace(string Source, int Line = 0, int Column = 0)
{
    /// <summary>The place as editors understand it: <c>file:line:column</c>.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
