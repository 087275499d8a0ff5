namespace Hone.Models.Configuration;

/// <summary>A head that scores labels in place of the one that predicts tokens: reward models, classifiers, process
/// reward models.</summary>
/// <param name="Count">How many labels; 1 for a reward.</param>
/// <param name="EachToken">Whether every token is scored, with a bias, rather than a sequence by its last
/// token.</param>
/// <param name="PadId">The padding token, or -1 for none: a sequence is scored at its last token that is another one,
/// as the reference does.</param>
public sealed record LabelConfig(int Count, bool EachToken, int PadId);
