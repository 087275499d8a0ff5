using Hone.Conformance.Checking;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Real;

/// <summary>What single layers give, up to the length of each token's state.</summary>
/// <remarks>
/// The product hands out states behind the last normalisation alone. A layer that adds nothing lets its input through,
/// and a normalisation whose scales are 1 keeps directions: so the layers above the one that is looked at are silenced.
/// </remarks>
internal static class LayerDirections
{
    private static readonly Tolerance ShareOfNorm = new(0, 2e-5);

    /// <summary>Compares each layer of which the file has the output; leaves the model without its last
    /// layers.</summary>
    public static void Compare(Findings findings, SafetensorsFile file, Decoder decoder, TokenBatch batch)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        decoder.Parameters["model.norm.weight"].AsSpan<float>().Fill(1);
        for (var layer = decoder.Config.Layers.Count - 1; layer >= 0; layer--)
        {
            var name = $"layer_{layer:00}_output";
            if (file.Header.Entries.Any(entry => entry.Name == name))
            {
                decoder.WeightsChanged();
                var expected = Directions(file.Load(name));
                findings.Close($"direction of {name}", expected, Directions(decoder.Hidden(batch)), ShareOfNorm);
            }

            foreach (var last in new[] { "self_attn.o_proj", "mlp.down_proj" })
            {
                decoder.Parameters[$"model.layers.{layer}.{last}.weight"].AsSpan<float>().Clear();
            }
        }

        decoder.WeightsChanged();
        var embedded = Directions(file.Load("embedding_output"));
        findings.Close("direction of embedding_output", embedded, Directions(decoder.Hidden(batch)), ShareOfNorm);
    }

    /// <summary>Each row of a matrix divided by its length.</summary>
    private static double[] Directions(Tensor states) =>
        [.. states.ToArray<double>().Chunk((int)states.Size(1)).SelectMany(Direction)];

    private static IEnumerable<double> Direction(double[] row)
    {
        var norm = Math.Sqrt(row.Sum(value => value * value));
        return row.Select(value => value / norm);
    }
}
