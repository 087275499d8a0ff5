using Hone.Benchmarks.Lines;
using Hone.Benchmarks.Models;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Benchmarks.Works;

/// <summary>The engine that <c>hone generate</c> uses, with a model of the benchmarks, always greedy.</summary>
internal sealed class LoadedEngine : IDisposable
{
    private readonly ModelFolder _folder;
    private readonly GenerationEngine _engine;
    private readonly GenerationWeights _weights;

    private LoadedEngine(ModelFolder folder, GenerationWeights weights)
    {
        (_folder, _weights) = (folder, weights);
        _engine = folder.CreateEngine(new EngineOptions { Weights = weights });
    }

    /// <summary>Loads a model and sets the threads of the calling thread.</summary>
    public static LoadedEngine Open(StoredModel model, string precision, int threads)
    {
        var folder = ModelFolder.Load(model.Folder, DType.Float32, Precisions.TypeOf(precision));
        ComputeThread.Configure(threads);
        return new LoadedEngine(folder, Precisions.WeightsOf(precision));
    }

    /// <summary>Switches an adapter on, both of whose factors are drawn, beside every linear layer.</summary>
    /// <param name="rank">Its rank.</param>
    public void Adapt(int rank)
    {
        const string name = "lora";
        var decoder = _folder.Decoder;
        decoder.Adapters.Add(name, Adapter.Create(decoder, new LoraConfig
        {
            Rank = rank,
            Alpha = 1,
            Targets = ModuleTargets.AllLinear,
            Initial = LoraInitial.Random,
        }, seed: 1));
        decoder.Adapters.Activate(name);
    }

    /// <summary>
    /// Continues prompts by exactly so many tokens each; the end of a sequence cannot be chosen before.
    /// </summary>
    /// <returns>The new tokens of each.</returns>
    public int[][] Decode(IEnumerable<int[]> prompts, int count)
    {
        var options = new SamplingOptions
        {
            Temperature = 0,
            MinNewTokens = count,
            MaxNewTokens = count,
            StopTokens = [BenchmarkModel.EndOfSequence],
        };
        var completions = _engine.Run([.. prompts.Select(prompt => new GenerationRequest(prompt, options))]);
        return Array.ConvertAll(completions, completion => completion.Tokens.Length == count
            ? completion.Tokens
            : throw new InvalidOperationException(
                $"a completion must have {count} tokens, has {completion.Tokens.Length}"));
    }

    /// <summary>Seconds that it takes to pack the weights again, once they have changed.</summary>
    /// <param name="time">Tells them.</param>
    public double PackingSeconds(TimeProvider time)
    {
        double SecondsOfToken(int token)
        {
            var begin = time.GetTimestamp();
            Decode([[token]], 1);
            return time.GetElapsedTime(begin).TotalSeconds;
        }

        var differences = new List<double>();
        SecondsOfToken(10);
        for (var run = 0; run < 3; run++)
        {
            _folder.Decoder.WeightsChanged(withCopies: true);
            var changed = SecondsOfToken(11 + (2 * run));
            differences.Add(changed - SecondsOfToken(12 + (2 * run)));
        }

        return Spread.Of(differences).Median;
    }

    /// <summary>
    /// Whether each token was the likeliest, by one forward pass over prompt and completion as training does it.
    /// </summary>
    public Check CheckGreedy(int[] prompt, int[] tokens)
    {
        using var scope = TensorScope.Open();
        using var still = Autograd.NoGrad();
        var hidden = _folder.Decoder.Hidden(TokenBatch.Of([.. prompt, .. tokens[..^1]]));
        var logits = _folder.Decoder.Head.Logits(hidden.Narrow(0, prompt.Length - 1, tokens.Length)).To(DType.Float32)
            .Contiguous().AsSpan<float>();
        var (width, worst) = (_folder.Decoder.Config.VocabularySize, 0.0);
        for (var i = 0; i < tokens.Length; i++)
        {
            var row = logits.Slice(i * width, width);
            var chosen = row[tokens[i]];
            row[BenchmarkModel.EndOfSequence] = float.NegativeInfinity;
            worst = Math.Max(worst, System.Numerics.Tensors.TensorPrimitives.Max(row) - chosen);
        }

        return Check.Within("a token's logit is below the largest by", worst, MostBelow());
    }

    // Two ways to compute the same logits differ by their roundings: about 2^-8 of a logit of 2 or 3 in bfloat16,
    // several times that in few bits.
    private double MostBelow() => (_weights, _folder.Decoder.ComputeType) switch
    {
        (GenerationWeights.Int4, _) => 1,
        (GenerationWeights.Int8, _) => 0.2,
        (_, DType.BFloat16) => 0.1,
        _ => 1e-3,
    };

    public void Dispose() => _folder.Dispose();
}
