using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Quantisation;

/// <summary>Optimizers with their states in 8 bits, step by step on recorded gradients.</summary>
public sealed class EightBitOptimizerCheck : ICheck
{
    private const double Coarse = 2e-5;
    private const double MoreThanFormula = 0.005;

    public string Area => "quantisation";

    public IReadOnlyList<string> Kinds => ["optim8bit"];

    public string? NotOffered(GoldenCase golden) =>
        RuleOf(golden) is null ? $"no optimizer called {golden.Record["name"].Text} in 8 bits" : null;

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(golden.Beside(golden.File["tensors"].Text));
        var name = golden.Record["name"].Text;
        var rule = RuleOf(golden)!;
        var isCoded = !name.Contains("32bit", StringComparison.Ordinal);
        var steps = (int)golden.File["steps"].Whole;
        foreach (var (tensor, _) in golden.File["shapes"].Entries)
        {
            var gradients = file.Load($"gradients_f16.{tensor}").To(DType.Float32);
            var expected = Enumerable.Range(1, steps)
                .Select(step => (Step: step, Key: $"{name}.{(isCoded ? "formula_after" : "after")}{step}.{tensor}"))
                .Where(one => file.Header.Find(one.Key) is not null)
                .ToDictionary(one => one.Step, one => file.Load(one.Key));
            var fused =
                rule is Adam && isCoded && EightBit.IsCoded(gradients.Select(0, 0)) ? new[] { false, true } : [false];
            foreach (var isFused in fused)
            {
                var share = golden.Record.Value("formula_float32_against_float64_share_over_2e_5")?[tensor].Number ?? 0;
                Follow(file.Load($"start.{tensor}").Clone(), gradients, rule, golden, isCoded, isFused,
                    (step, parameter) =>
                {
                    if (expected.TryGetValue(step, out var reference))
                    {
                        Compare(findings, $"after{step}.{tensor}{(isFused ? " in one pass" : "")}", reference,
                            parameter, isCoded && EightBit.IsCoded(parameter), share);
                    }
                });
            }
        }
    }

    private static void Follow(
        Tensor parameter, Tensor gradients, IUpdateRule rule, GoldenCase golden, bool isCoded, bool isFused,
        Action<int, Tensor> after)
    {
        var rate = golden.Options["lr"].Number;
        var eight = new EightBit(rule);
        var coded = isCoded && EightBit.IsCoded(parameter) ? eight.Start(parameter) : null;
        Tensor[] plain = [.. rule.StateNames.Select(_ => parameter.ZerosLike())];
        for (var step = 1; step <= gradients.Size(0); step++)
        {
            var gradient = gradients.Select(0, step - 1);
            switch (coded)
            {
                case null:
                    rule.Update(parameter, gradient, plain, rate, step);
                    break;
                case [var first, var second] when isFused && rule is Adam adam:
                    Fused.AdamW8Bit(
                        [parameter], [gradient], [first], [second], [adam.WeightDecay],
                        new AdamWStep(rate, adam.Beta1, adam.Beta2, adam.Epsilon, step));
                    break;
                default:
                    eight.Update(parameter, gradient, coded, rate, step);
                    break;
            }

            after(step, parameter);
        }

        foreach (var moment in coded ?? [])
        {
            moment.Dispose();
        }
    }

    private static void Compare(
        Findings findings, string quantity, Tensor expected, Tensor got, bool isCoded, double share)
    {
        if (!isCoded)
        {
            findings.Close(quantity, expected.ToArray<double>(), got.ToArray<double>(), new Tolerance(0, 1e-6));
            return;
        }

        var far = (expected - got).Abs().GreaterThan(Coarse).To(DType.Float64).Mean().Item();
        findings.Close($"{quantity}: share beyond {Coarse}", 0, far, new Tolerance(0, share + MoreThanFormula));
    }

    private static IUpdateRule? RuleOf(GoldenCase golden)
    {
        var options = golden.Options;
        double[] betas = options.Value("betas")?.Numbers ?? [];
        return golden.Record["name"].Text switch
        {
            "AdamW8bit" or "Adam8bit" or "AdamW32bit" => new Adam
            {
                Beta1 = betas[0],
                Beta2 = betas[1],
                Epsilon = options["eps"].Number,
                WeightDecay = options.NumberOr("weight_decay", 0),
            },
            "Lion8bit" =>
                new Lion { Beta1 = betas[0], Beta2 = betas[1], WeightDecay = options.NumberOr("weight_decay", 0) },
            "SGD8bit" => new Sgd
            {
                Momentum = options.NumberOr("momentum", 0),
                WeightDecay = options.NumberOr("weight_decay", 0),
            },
            _ => null,
        };
    }
}
