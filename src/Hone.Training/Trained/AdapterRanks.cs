using Hone.Algorithms.Ranks;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Checkpoints;
using Hone.Torch;
using Hone.Training.Metrics;
using Hone.Training.Updates;

namespace Hone.Training.Trained;

/// <summary>The ranks of an adapter that are pruned while it trains.</summary>
internal sealed class AdapterRanks : IUpdatePart, IDisposable
{
    private const string FileName = "ranks.safetensors";
    private const string Factor = ".lora_E";

    private readonly Adapter _adapter;
    private readonly double _weight;
    private readonly RankAllocator _allocator;
    private readonly RankPruning _pruning;

    /// <summary>Nothing is measured yet.</summary>
    /// <param name="adapter">An adapter of adaptive ranks. It is borrowed.</param>
    public AdapterRanks(Adapter adapter)
    {
        var config = (AdaLoraConfig)adapter.Config;
        RankTriplet[] triplets =
        [
            .. adapter.Parameters.Keys.Where(name => name.EndsWith(Factor, StringComparison.Ordinal))
                .Select(name => name[..^Factor.Length])
                .Select(name => new RankTriplet(
                    name,
                    adapter.Parameters[$"{name}.lora_A"],
                    adapter.Parameters[$"{name}{Factor}"],
                    adapter.Parameters[$"{name}.lora_B"])),
        ];
        (_adapter, _weight) = (adapter, config.OrthogonalityWeight);
        _allocator = new RankAllocator(triplets, config.Beta1, config.Beta2);
        _pruning = new RankPruning(_allocator, new RankBudget
        {
            Initial = triplets.Sum(one => one.Rank),
            Target = config.TargetRank * triplets.Length,
            WarmUp = config.WarmUpSteps,
            Final = config.FinalSteps,
            Interval = config.Interval,
            Total = config.TotalSteps,
        });
    }

    public Tensor Penalty()
    {
        using var scope = TensorScope.Open();
        return scope.Keep(RankAllocator.NonOrthogonality(_allocator.Triplets) * _weight);
    }

    public void AfterStep(long update, double gradientFactor, MetricSet metrics)
    {
        _pruning.AfterStep(update - 1, gradientFactor);
        SayKept();
        var ranks = _pruning.Kept?.Sum(kept => kept.Count(stays => stays)) ?? _allocator.Triplets.Sum(one => one.Rank);
        metrics.Add("ranks", ranks, 1);
    }

    /// <summary>Writes what was measured and kept so far.</summary>
    public void Save(string folder)
    {
        using var scope = TensorScope.Open();
        var state = _allocator.State.ToDictionary();
        foreach (var (triplet, kept) in _allocator.Triplets.Zip(_pruning.Kept ?? []))
        {
            state.Add($"kept.{triplet.Name}", Tensor.Of([.. kept.Select(stays => stays ? 1f : 0f)]));
        }

        SafetensorsWriter.Write(Path.Combine(folder, FileName), state);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Restore(string folder)
    {
        using var still = Autograd.NoGrad();
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(Path.Combine(folder, FileName));
        foreach (var (name, mean) in _allocator.State)
        {
            mean.CopyFrom(file.Load(name));
        }

        string[] kept = [.. _allocator.Triplets.Select(triplet => $"kept.{triplet.Name}")];
        if (file.Header.Find(kept[0]) is not null)
        {
            _pruning.Restore(
                [.. kept.Select(name => file.Load(name).ToArray<float>().Select(one => one == 1).ToArray())]);
            SayKept();
        }
    }

    public void Dispose() => _allocator.Dispose();

    private void SayKept()
    {
        if (_pruning.Kept is { } kept)
        {
            _adapter.SetKept(_allocator.Triplets.Zip(
                kept, (triplet, ranks) => new KeptRanks(Adapter.ModuleOf(triplet.Name), [.. ranks])));
        }
    }
}
