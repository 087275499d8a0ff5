namespace Hone.Text.Chat.Jinja;

/// <summary>What a macro can be given.</summary>
/// <param name="Name">Its name; null for a call block.</param>
/// <param name="Parameters">The names of its parameters.</param>
/// <param name="Special">Which of <c>caller</c>, <c>kwargs</c> and <c>varargs</c> it uses.</param>
internal sealed record MacroShape(string? Name, string[] Parameters, IReadOnlySet<string> Special);
