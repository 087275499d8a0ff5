using Hone.Training.Metrics;

namespace Hone.Training.Ranks;

/// <summary>What a rank's share of an update gave.</summary>
/// <param name="Loss">Its part of the loss; the parts of all ranks add up.</param>
/// <param name="GradientNorm">The norm of the whole gradient, as this rank computed it.</param>
/// <param name="Tokens">Tokens that went through the model.</param>
/// <param name="Metrics">What was measured on them.</param>
internal sealed record UpdatePart(double Loss, double GradientNorm, long Tokens, MetricSet Metrics)
{
    /// <summary>Writes it as <see cref="Read"/> takes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Loss);
        writer.Write(GradientNorm);
        writer.Write(Tokens);
        Metrics.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static UpdatePart Read(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64(), MetricSet.Read(reader));

    /// <summary>The whole update. All ranks have one gradient, but may add its squares in another order: the norm is
    /// that of rank 0.</summary>
    public static UpdatePart Sum(IReadOnlyList<UpdatePart> parts)
    {
        var metrics = new MetricSet();
        foreach (var part in parts)
        {
            metrics.Add(part.Metrics);
        }

        return new UpdatePart(
            parts.Sum(part => part.Loss), parts[0].GradientNorm, parts.Sum(part => part.Tokens), metrics);
    }
}
