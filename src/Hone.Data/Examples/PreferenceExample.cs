namespace Hone.Data;

/// <summary>Two sequences with the same prompt, of which the first is preferred. Their targets are their
/// answers.</summary>
/// <param name="Chosen">The better one.</param>
/// <param name="Rejected">The worse one.</param>
public sealed record PreferenceExample(TrainingExample Chosen, TrainingExample Rejected);
