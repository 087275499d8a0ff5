namespace Hone.Text.Chat.Jinja;

/// <summary>What a macro is given.</summary>
/// <param name="Values">For each parameter its value; null where it takes its default.</param>
/// <param name="Special">The values of <c>caller</c>, <c>kwargs</c> and <c>varargs</c>, as far as it uses them.</param>
internal sealed record MacroArguments(IReadOnlyList<Value?> Values, IReadOnlyDictionary<string, Value> Special);
