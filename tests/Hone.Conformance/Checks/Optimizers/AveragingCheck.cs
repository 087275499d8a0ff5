using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Torch;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>Averages of weights over updates.</summary>
public sealed class AveragingCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds => ["averaging/cases"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        var weights = golden.Record["weights"].Items;
        var expected = golden.Record["average_after_update"].Items;
        var average = weights[0].ToTensor().ZerosLike();
        for (var i = 0; i < weights.Count; i++)
        {
            Update(golden.Record, average, weights[i].ToTensor(), i + 1);
            findings.Close(expected[i], average.ToArray<double>(), new Tolerance(1e-12, 1e-15));
        }
    }

    private static void Update(Field record, Tensor average, Tensor weights, long update)
    {
        switch (record["kind"].Text)
        {
            case "ema":
                WeightAverage.Exponential(average, weights, record["decay"].Number, update);
                break;
            case "swa":
                WeightAverage.Running(average, weights, update);
                break;
            case var kind:
                throw new GoldenException($"kind: the product has no average \"{kind}\"");
        }
    }
}
