namespace Hone.Data;

/// <summary>An example to look at.</summary>
/// <param name="Example">The example.</param>
/// <param name="Sections">Its parts, in order; the first begins with its first token.</param>
public sealed record ExamplePreview(TrainingExample Example, IReadOnlyList<ExampleSection> Sections);
