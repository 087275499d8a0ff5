using Hone.Algorithms.Ranks;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>AdaLoRA step by step: both parts of the loss, importance, budget, what is pruned, and what is stored in the
/// end.</summary>
public sealed class AdaLoraCheck : ICheck
{
    private const string Factor = ".lora_E";

    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["adalora"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var model = AdaptedModel.Load(golden);
        var (record, tolerance) = (golden.Record, golden.Record["tolerance"]);
        var losses = new Tolerance(0, tolerance["loss_abs"].Number);
        var singular = new Tolerance(0, tolerance["lora_E_abs"].Number);
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        var config = (AdaLoraConfig)RecordedOptions.Config(golden.Options, "ADALORA");
        var adapter = RecordedOptions.Begin(model, config, golden.Beside("initial.safetensors"));
        adapter.SetTrainable(true);
        model.CompareLogits(findings, "logits_initial", expected.Load("logits_initial"), new Tolerance(0, 2e-5));

        var triplets = Triplets(adapter);
        using var allocator = new RankAllocator(triplets, config.Beta1, config.Beta2);
        var budget = BudgetOf(config, triplets);
        var pruning = new RankPruning(allocator, budget);
        var rule = AdaptedModel.RuleOf(record["optimizer"]);
        foreach (var step in record["steps"].Items)
        {
            var number = step["step"].Whole;
            var entropy = model.Accumulate(adapter, (int)number);
            using var inner = TensorScope.Open();
            var distance = RankAllocator.NonOrthogonality(triplets);
            (distance * config.OrthogonalityWeight).Backward();
            findings.Close(step["cross_entropy"], entropy, losses);
            findings.Close(step["orthogonal"], distance.Item(), losses);
            findings.Close(step["loss"], entropy + (config.OrthogonalityWeight * distance.Item()), losses);
            var norm = model.Step(adapter, rule, () => pruning.AfterStep(number));
            findings.Close(step["grad_norm"], norm, new Tolerance(1e-4));
            findings.Same($"{step.At} budget", step["budget"].Whole, budget.At(number).Ranks);
            CompareFactors(step, adapter, findings, singular);
            CompareImportance(step["importance_sums"], allocator, findings);
        }

        adapter.SetKept(triplets.Zip(
            pruning.Kept!, (one, kept) => new KeptRanks(Adapter.ModuleOf(one.Name), [.. kept])));
        model.CompareLogits(findings, "logits_final", expected.Load("logits_final"), losses);
        CompareWritten(golden, adapter, findings, singular);
    }

    private static RankTriplet[] Triplets(Adapter adapter) =>
    [
        .. adapter.Parameters.Keys.Where(name => name.EndsWith(Factor, StringComparison.Ordinal))
            .Select(name => name[..^Factor.Length])
            .Select(name => new RankTriplet(
                name,
                adapter.Parameters[$"{name}.lora_A"],
                adapter.Parameters[$"{name}{Factor}"],
                adapter.Parameters[$"{name}.lora_B"])),
    ];

    private static RankBudget BudgetOf(AdaLoraConfig config, RankTriplet[] triplets) => new()
    {
        Initial = triplets.Sum(one => one.Rank),
        Target = config.TargetRank * triplets.Length,
        WarmUp = config.WarmUpSteps,
        Final = config.FinalSteps,
        Interval = config.Interval,
        Total = config.TotalSteps,
    };

    // What is pruned is 0 and nothing else is: masks are exact, what is left is close.
    private static void CompareFactors(Field step, Adapter adapter, Findings findings, Tolerance tolerance)
    {
        foreach (var (name, values) in step["lora_E_after"].Entries)
        {
            var (expected, got) = (values.Numbers, adapter.Parameters[Plain(name)].ToArray<double>());
            findings.Close(values, got, tolerance);
            findings.SameList(
                $"{values.At} masks", [.. expected.Select(one => one == 0)], [.. got.Select(one => one == 0)]);
        }
    }

    // Names of the record are those of a module inside of the library's wrapper.
    private static void CompareImportance(Field sums, RankAllocator allocator, Findings findings)
    {
        using var noGrad = Autograd.NoGrad();
        var state = allocator.State.ToDictionary();
        foreach (var (name, sum) in sums.Entries)
        {
            var own = name.StartsWith("base_model.", StringComparison.Ordinal) ? name : $"base_model.model.{name}";
            using var scope = TensorScope.Open();
            var product = state[$"importance.{Plain(own)}"] * state[$"uncertainty.{Plain(own)}"];
            findings.Close(sum, product.To(DType.Float64).Sum().Item(), new Tolerance(1e-3, 1e-12));
        }
    }

    private static string Plain(string name) => name.Replace(".default", "", StringComparison.Ordinal);

    private static void CompareWritten(GoldenCase golden, Adapter adapter, Findings findings, Tolerance tolerance)
    {
        var folder = Directory.CreateTempSubdirectory("hone-conformance-").FullName;
        try
        {
            adapter.Save(folder);
            using var written = SafetensorsFile.Open(Path.Combine(folder, AdapterFolder.PeftWeights));
            var tensors = written.Header.Entries.ToDictionary(entry => entry.Name, entry => written.Load(entry.Name));
            AdaptedModel.CompareTensors(
                findings, "written", golden.Beside(AdapterFolder.PeftWeights), tensors, tolerance);
            foreach (var kept in ((AdaLoraConfig)AdapterFolder.ReadConfig(folder)).Kept)
            {
                var pattern = golden.Record["final_rank_pattern"][$"{kept.Module}.lora_E"];
                findings.SameList(pattern.At, [.. pattern.Items.Select(one => one.Flag)], [.. kept.Ranks]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
