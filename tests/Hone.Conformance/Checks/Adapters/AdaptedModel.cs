using Hone.Algorithms.Optimizers;
using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Data;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Checkpoints;
using Hone.Models.Quantisation;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Metrics;
using Hone.Training.Recipes;
using Hone.Training.Updates;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>A recorded base model with its recorded batches, under the product's own updates.</summary>
internal sealed class AdaptedModel : IDisposable
{
    private const long NotTrained = -100;
    private const int AllTokens = 1 << 20;

    private readonly TrainingExample[][] _batches;
    private readonly Dictionary<string, Tensor[]> _state = [];
    private long _steps;

    private AdaptedModel(ModelFolder folder, TrainingExample[][] batches) => (Folder, _batches) = (folder, batches);

    /// <summary>The base model.</summary>
    public ModelFolder Folder { get; }

    public Decoder Decoder => Folder.Decoder;

    /// <summary>Loads the base model that a record names, and its batches.</summary>
    public static AdaptedModel Load(GoldenCase golden) => Load(golden, () => ModelFolder.Load(Base(golden)));

    /// <summary>Loads the base model with an adapter, which may say what layers it is stacked of, and switches the
    /// adapter on.</summary>
    public static (AdaptedModel Model, Adapter Adapter) Load(
        GoldenCase golden, string adapter, FourBitOptions? fourBits = null, string? basis = null)
    {
        var model = Load(golden, () => ModelFolder.Load(
            basis ?? Base(golden), [new NamedAdapter(adapter)], fourBits: fourBits));
        return (model, model.Decoder.Adapters.Find(adapter).Adapters[0].Adapter);
    }

    private static AdaptedModel Load(GoldenCase golden, Func<ModelFolder> load)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(golden.Folders.InArea(golden.Record["batches"].Text));
        var (ids, mask) = (file.Load("input_ids"), file.Load("attention_mask"));     // [batch, row, time]
        var labels = file.Load("labels");                                            // [batch, row, time]
        var (batches, rows) = ((int)ids.Size(0), (int)ids.Size(1));
        TrainingExample Row(int batch, int row)
        {
            long[] Numbers(Tensor of) => of.Select(0, batch).Select(0, row).ToArray<long>();
            var length = Numbers(mask).Count(seen => seen == 1);
            return new TrainingExample(
                [.. Numbers(ids)[..length].Select(id => (int)id)], [.. Numbers(labels)[..length].Select(
                    label => label != NotTrained)]);
        }

        return new AdaptedModel(
            load(),
            [.. Enumerable.Range(0, batches).Select(
                batch => Enumerable.Range(0, rows).Select(row => Row(batch, row)).ToArray())]);
    }

    /// <summary>The folder of the base model that a record names: in the area, or among the real fixtures.</summary>
    public static string Base(GoldenCase golden)
    {
        const string real = "real/";
        var path = golden.Record["base"].Text;
        var at = path.LastIndexOf(real, StringComparison.Ordinal);
        return at < 0 ? golden.Folders.InArea(path) : golden.Folders.Fixture(path[(at + real.Length)..]);
    }

    /// <summary>Loads an adapter and switches it on.</summary>
    public Adapter Attach(string folder, string name = "default") => Attach(Adapter.Load(Decoder, folder), name);

    /// <summary>Switches an adapter on, under a name.</summary>
    public Adapter Attach(Adapter adapter, string name)
    {
        Decoder.Adapters.Add(name, adapter);
        Decoder.Adapters.Activate(name);
        return adapter;
    }

    /// <summary>Compares logits of the first batch where tokens are: virtual ones first, then those of the
    /// row.</summary>
    public void CompareLogits(Findings findings, string quantity, Tensor expected, Tolerance tolerance, int row = -1) =>
        CompareLogits(Decoder, findings, quantity, expected, tolerance, row);

    /// <summary>Compares logits of another model.</summary>
    public void CompareLogits(
        Decoder decoder, Findings findings, string quantity, Tensor expected, Tolerance tolerance, int row = -1)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        var rows = _batches[0].Index().Where(example => row < 0 || example.Index == row).ToArray();
        var tokens = rows.Select(example => example.Item.Tokens).ToArray();
        var logits = decoder.Head.Logits(decoder.Hidden(TokenBatch.Of(tokens), withVirtual: true));
        var inserted = (int)((logits.Size(0) - tokens.Sum(example => example.Length)) / tokens.Length);
        var start = 0L;
        foreach (var (index, example) in rows)
        {
            var length = inserted + example.Length;
            findings.Close(
                $"{quantity} of row {index}",
                expected.Select(0, index).Narrow(0, 0, length).ToArray<double>(),
                logits.Narrow(0, start, length).ToArray<double>(),
                tolerance);
            start += length;
        }
    }

    /// <summary>The loss of a batch, whose gradient is added to what is trained.</summary>
    public double Accumulate(Adapter adapter, int batch)
    {
        using var optimizer = new OptimizerState(adapter.Parameters, new Adam(), 0);
        var updater = new ModelUpdater(Decoder, optimizer, AllTokens);
        var examples = _batches[batch % _batches.Length];
        return updater.Accumulate(
            examples, new SftObjective(new SftOptions()), ModelUpdater
                .CountsOf(examples), new MetricSet(), CancellationToken.None);
    }

    /// <summary>One update of what is trained by the gradients it has, then forgets these.</summary>
    /// <param name="adapter">What is trained.</param>
    /// <param name="ruleOf">How each tensor is updated.</param>
    /// <param name="moved">Is called when all has moved and the gradients are still there.</param>
    public double Step(Adapter adapter, Func<string, OptimizerStep> ruleOf, Action? moved = null)
    {
        _steps++;
        var gradients = adapter.Parameters.Values.Select(parameter => parameter.Grad).OfType<Tensor>().ToArray();
        var norm = GradientClipping.GlobalNorm(gradients);
        foreach (var (name, parameter) in adapter.Parameters)
        {
            var (rule, rate, projection) = ruleOf(name);
            if (!_state.TryGetValue(name, out var state))
            {
                _state.Add(
                    name, state = [.. rule.StateNames.Select(_ => TensorScope.Detach(parameter.Detach().ZerosLike()))]);
            }

            if (parameter.Grad is { } gradient)
            {
                rule.Update(parameter, projection?.Invoke(gradient) ?? gradient, state, rate, _steps);
            }
        }

        moved?.Invoke();
        Forget(adapter);
        Decoder.WeightsChanged();
        return norm;
    }

    /// <summary>Forgets the gradients.</summary>
    public static void Forget(Adapter adapter)
    {
        foreach (var parameter in adapter.Parameters.Values)
        {
            parameter.Grad = null;
        }
    }

    /// <summary>The rule and rate of every record that does not say its own.</summary>
    public static Func<string, OptimizerStep> UsualRule { get; } =
        _ => new OptimizerStep(new Adam { WeightDecay = 0.01 }, 5e-3);

    /// <summary>The rule and rate of a record, the same for all that is trained.</summary>
    public static Func<string, OptimizerStep> RuleOf(Field optimizer)
    {
        var betas = optimizer["betas"].Numbers;
        var rule = new Adam
        {
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = optimizer["eps"].Number,
            WeightDecay = optimizer["weight_decay"].Number,
        };
        return _ => new OptimizerStep(rule, optimizer["lr"].Number);
    }

    /// <summary>Compares tensors with those of a file, by name.</summary>
    public static void CompareTensors(
        Findings findings, string what, string path, IReadOnlyDictionary<string, Tensor> got, Tolerance tolerance)
    {
        using var scope = TensorScope.Open();
        using var file = SafetensorsFile.Open(path);
        foreach (var name in file.Header.Entries.Select(entry => entry.Name))
        {
            if (got.GetValueOrDefault(name) is { } tensor)
            {
                findings.Close(
                    $"{what} {name}", file.Load(name).ToArray<double>(), tensor.ToArray<double>(), tolerance);
            }
            else
            {
                findings.Fail($"{what} {name}", "the product has no such tensor");
            }
        }
    }

    public void Dispose()
    {
        foreach (var state in _state.Values.SelectMany(tensors => tensors))
        {
            state.Dispose();
        }

        Folder.Dispose();
    }
}
