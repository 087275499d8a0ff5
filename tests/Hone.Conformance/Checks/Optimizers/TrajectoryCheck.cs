using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Optimizers;

/// <summary>Parameters after every step of an optimizer on recorded gradients.</summary>
/// <remarks>The rule in float64; where training has a one-pass operator for it, that one in float32 too.</remarks>
public sealed class TrajectoryCheck : ICheck
{
    public string Area => "optimizers";

    public IReadOnlyList<string> Kinds =>
    [
        "trajectories:torch.SGD",
        "trajectories:torch.Adam",
        "trajectories:torch.AdamW",
        "trajectories:lion_pytorch.Lion",
    ];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var file = SafetensorsFile.Open(golden.Folders.InArea(golden.File["tensors"].Text));
        var rule = Rule(golden.Record);
        var steps = golden.File["steps"].Whole;
        foreach (var name in golden.Record["parameters"].Items.Select(parameter => parameter.Text))
        {
            using var scope = TensorScope.Open();
            var start = file.Load($"start.{name}");
            var gradients = file.Load($"gradients.{name}");                         // [step, …]
            var expected = file.Load($"{golden.Record["name"].Text}.f64.{name}");   // [step, …]
            Tensor[] state = [.. rule.StateNames.Select(_ => start.To(DType.Float64).ZerosLike())];
            var parameter = start.To(DType.Float64).Clone();
            var fused = FusedAdamW.Offers(rule) ? new FusedAdamW((Adam)rule, start, withShadow: false) : null;
            var rounding = golden.Record["float32_max_abs_difference"][name].Number;
            var (inFloat64, inOnePass) = (new List<double>(), new List<double>());
            for (var step = 0; step < steps; step++)
            {
                using var temporaries = TensorScope.Open();
                var gradient = gradients.Select(0, step);
                rule.Update(parameter, gradient.To(DType.Float64), state, Rate(golden.Record), step + 1);
                inFloat64.AddRange(parameter.ToArray<double>());
                fused?.Step(gradient, Rate(golden.Record), step + 1);
                inOnePass.AddRange(fused?.Parameter.ToArray<double>() ?? []);
            }

            findings.Close(name, expected.ToArray<double>(), [.. inFloat64], new Tolerance(1e-10, 1e-13));
            if (fused is not null)
            {
                var tolerance = new Tolerance(0, Math.Max(5 * rounding, 1e-6));
                findings.Close($"{name} in one pass", expected.ToArray<double>(), [.. inOnePass], tolerance);
            }
        }
    }

    private static double Rate(Field record) => record["options"].NumberOr("lr", record["optimizer"].Text switch
    {
        "lion_pytorch.Lion" => 1e-4,
        _ => 1e-3,
    });

    private static IUpdateRule Rule(Field record)
    {
        var options = record["options"];
        var betas = options.Value("betas")?.Numbers;
        return record["optimizer"].Text switch
        {
            "torch.SGD" => new Sgd
            {
                Momentum = options.NumberOr("momentum", 0),
                Dampening = options.NumberOr("dampening", 0),
                Nesterov = options.FlagOr("nesterov", false),
                WeightDecay = options.NumberOr("weight_decay", 0),
                Maximize = options.FlagOr("maximize", false),
            },
            "torch.Adam" => Adam(options, betas, decoupled: options.FlagOr("decoupled_weight_decay", false), decay: 0),
            "torch.AdamW" => Adam(options, betas, decoupled: true, decay: 0.01),
            "lion_pytorch.Lion" => new Lion
            {
                Beta1 = betas?[0] ?? 0.9,
                Beta2 = betas?[1] ?? 0.99,
                WeightDecay = options.NumberOr("weight_decay", 0),
            },
            var name => throw new GoldenException($"optimizer: the product has no \"{name}\""),
        };
    }

    private static Adam Adam(Field options, double[]? betas, bool decoupled, double decay) => new()
    {
        Beta1 = betas?[0] ?? 0.9,
        Beta2 = betas?[1] ?? 0.999,
        Epsilon = options.NumberOr("eps", 1e-8),
        WeightDecay = options.NumberOr("weight_decay", decay),
        Decoupled = decoupled,
        AmsGrad = options.FlagOr("amsgrad", false),
        Maximize = options.FlagOr("maximize", false),
    };
}
