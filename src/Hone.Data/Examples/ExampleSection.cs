namespace Hone.Data;

/// <summary>A part of an example that has one origin: a prompt, a completion, a turn.</summary>
/// <param name="Name">What it is: <c>text</c>, <c>prompt</c>, <c>completion</c>, or the role of its turn; the roles of
/// several where the template does not part them.</param>
/// <param name="Start">Its first token. It ends where the next section begins.</param>
public sealed record ExampleSection(string Name, int Start);
