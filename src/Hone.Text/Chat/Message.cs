namespace Hone.Text;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">Who speaks: system, user, assistant, tool.</param>
/// <param name="Content">What is said.</param>
public sealed record Message(string Role, string Content);
