namespace Hone.Text.Chat.Jinja;

/// <summary>A place in the frames of a function.</summary>
/// <param name="Owner">The function.</param>
/// <param name="Slot">The place.</param>
internal sealed record Variable(FunctionScope Owner, int Slot);
