namespace Hone.Models.Export;

/// <summary>What was written, and how far it is from the model that it was written from.</summary>
/// <param name="Path">The folder or the file.</param>
/// <param name="Files">The files with their sizes in bytes.</param>
/// <param name="Parity">How both models predict a sample text.</param>
/// <param name="Warnings">What is odd but harmless, in words.</param>
public sealed record ExportReport(
    string Path, IReadOnlyList<(string Name, long Bytes)> Files, ParityReport Parity, IReadOnlyList<string> Warnings);
