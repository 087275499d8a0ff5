using Hone.Models.Adapters;
using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Layers;

/// <summary>
/// Puts a decoder's modules together and registers the parameters that they need, by the names of the family.
/// </summary>
/// <param name="config">The architecture.</param>
/// <param name="names">The family's names.</param>
/// <param name="parameters">Where parameters are registered, in the order in which modules are built.</param>
/// <param name="adapters">Says to all modules which adapters are in force.</param>
internal sealed class DecoderBuilder(
    DecoderConfig config, DecoderNames names, ParameterRegistry parameters, AdapterSwitch adapters)
{
    private readonly List<Linear> _linears = [];
    private readonly List<Norm> _norms = [];
    private readonly AttentionConfig _heads = config.Attention;
    private readonly long _queryRows = (long)config.Attention.HeadCount * config.Attention.HeadSize;
    private readonly long _keyRows = (long)config.Attention.KeyValueHeadCount * config.Attention.HeadSize;

    /// <summary>The linear layers that have been built, but for the head.</summary>
    public IReadOnlyList<Linear> Linears => _linears;

    /// <summary>The normalisations that have been built.</summary>
    public IReadOnlyList<Norm> Norms => _norms;

    /// <summary>The embeddings of tokens.</summary>
    public EmbeddingTable Embedding() => Table(names.Embedding, config.VocabularySize);

    /// <summary>The embeddings of positions.</summary>
    public EmbeddingTable Positions() => Table(names.Positions, config.MaxPositions);

    /// <summary>The head: what scores labels, or tokens by the embedding or a matrix of its own.</summary>
    public Linear Head(EmbeddingTable embedding) => config switch
    {
        { Labels: { } labels } => new Linear(
            "score",
            parameters.Add("score.weight", [labels.Count, config.HiddenSize], FreshValue.Normal),
            labels.EachToken ? parameters.Add("score.bias", [labels.Count], FreshValue.Zero) : null,
            adapters),
        { TiedHead: true } => new Linear(names.Head, embedding.Weight, null, adapters),
        _ => new Linear(
            names.Head,
            parameters.Add($"{names.Head}.weight", [config.VocabularySize, config.HiddenSize], FreshValue.Normal),
            null,
            adapters),
    };

    public INorm FinalNorm() => Norm(names.FinalNorm, config.HiddenSize);

    public DecoderLayer Layer(int index)
    {
        var prefix = $"{names.LayerPrefix}{index}.";
        var before = config.Norm.Place is NormPlace.Before or NormPlace.Around;
        var after = config.Norm.Place is NormPlace.After or NormPlace.Around;
        INorm NormIf(bool there, string name) => there ? Norm(prefix + name, config.HiddenSize) : new NoNorm();

        return new DecoderLayer
        {
            Index = index,
            Adapters = adapters,
            Residual = config.Residual,
            ResidualScale = config.ResidualScale,
            AttentionNorm = NormIf(before, names.AttentionNorm),
            Attention = Attention(index, prefix),
            AttentionOutNorm = NormIf(after, names.AttentionOutNorm),
            FeedForwardNorm =
                NormIf(before && config.Residual != ResidualKind.ParallelSharedNorm, names.FeedForwardNorm),
            FeedForward = config.Layers[index].Experts ? Experts(prefix) : FeedForward(prefix),
            FeedForwardOutNorm = NormIf(after, names.FeedForwardOutNorm),
        };
    }

    private AttentionPart Attention(int index, string prefix)
    {
        IAttentionInputs inputs = _heads.Latent is { } latent ? LatentInputs(latent, prefix) : HeadInputs(prefix);
        var output = Matrix(
            prefix + names.Output, config.HiddenSize, (long)_heads.HeadCount * _heads.ValueSize, _heads.OutputBias);
        return new AttentionPart(index, config, inputs, output);
    }

    private HeadInputs HeadInputs(string prefix)
    {
        long[] sizes = [_queryRows, _keyRows, _keyRows];
        IProjections projections = names.AttentionInputs switch
        {
            ProjectionLayout.Separate => Joined(
                _heads.InputBias, config.HiddenSize, (prefix + names.Query, sizes[0]), (prefix + names.Key, sizes[1]),
                (prefix + names.Value, sizes[2])),
            ProjectionLayout.OneAfterTheOther => new SplitProjections(
                Matrix(prefix + names.Query, sizes.Sum(), config.HiddenSize, _heads.InputBias), sizes),
            ProjectionLayout.HeadByHead => new HeadwiseProjections(
                Matrix(prefix + names.Query, sizes.Sum(), config.HiddenSize, _heads.InputBias), _heads.HeadCount),
            _ => throw new InvalidOperationException($"unknown layout {names.AttentionInputs}"),
        };
        var queryNorm = HeadNorm(prefix + names.QueryNorm, _heads.HeadCount);
        return new HeadInputs(
            _heads, projections, queryNorm, HeadNorm(prefix + names.KeyNorm, _heads.KeyValueHeadCount));
    }

    private LatentInputs LatentInputs(LatentConfig latent, string prefix)
    {
        const double epsilon = 1e-6; // whatever the other norms have
        var attention = prefix + "self_attn.";
        var (rank, hidden) = (latent.QueryRank, config.HiddenSize);
        Norm LatentNorm(string name, long size) =>
            Listed(new Norm(
                attention + name, NormKind.Rms, epsilon,
                parameters.Add($"{attention}{name}.weight", [size], FreshValue.One), null, adapters));

        return new LatentInputs(
            _heads,
            rank == 0 ? Matrix(attention + "q_proj", _queryRows, hidden, false)
                : Matrix(attention + "q_a_proj", rank, hidden, _heads.InputBias),
            rank == 0 ? new NoNorm() : LatentNorm("q_a_layernorm", rank),
            rank == 0 ? null : Matrix(attention + "q_b_proj", _queryRows, rank, false),
            Matrix(attention + "kv_a_proj_with_mqa", latent.KeyValueRank + latent.RotarySize, hidden, _heads.InputBias),
            LatentNorm("kv_a_layernorm", latent.KeyValueRank),
            Matrix(attention + "kv_b_proj", (long)_heads.HeadCount * (latent.PlainSize + latent.ValueSize),
                latent.KeyValueRank, false));
    }

    private ExpertFeedForward Experts(string prefix)
    {
        var experts = config.Experts ?? throw new InvalidOperationException("a layer with experts needs their sizes");
        var weight =
            parameters.Add($"{prefix}{names.Router}.weight", [experts.Count, config.HiddenSize], FreshValue.Normal);
        var bias = experts.ChoiceBias
            ? parameters.Add(
                $"{prefix}{names.Router}.e_score_correction_bias", [experts.Count], FreshValue.Zero, trainable: false)
            : null;
        var all = Enumerable.Range(0, experts.Count)
            .Select(expert => Expert($"{prefix}{names.ExpertPrefix}{expert}.", experts.InnerSize, names.ExpertGate,
                names.ExpertUp, names.ExpertDown))
            .ToArray();
        var shared = experts.SharedInnerSize == 0
            ? null
            : Expert($"{prefix}{names.SharedExpert}.", experts.SharedInnerSize, "gate_proj", "up_proj", "down_proj");
        var sharedGate = experts.SharedGate
            ? parameters.Add($"{prefix}{names.SharedExpertGate}.weight", [1, config.HiddenSize], FreshValue.Normal)
            : null;
        return new ExpertFeedForward(new ExpertRouter(experts, weight, bias), all, shared, sharedGate, adapters);
    }

    private GatedFeedForward Expert(string prefix, long inner, string gate, string up, string down) => new(
        config.FeedForward.Activation,
        Joined(false, config.HiddenSize, (prefix + gate, inner), (prefix + up, inner)),
        Matrix(prefix + down, config.HiddenSize, inner, false));

    private IFeedForward FeedForward(string prefix)
    {
        var (sizes, inner) = (config.FeedForward, (long)config.FeedForward.InnerSize);
        if (!sizes.Gated)
        {
            return new PlainFeedForward(
                sizes.Activation,
                Matrix(prefix + names.Up, inner, config.HiddenSize, sizes.Bias),
                Matrix(prefix + names.Down, config.HiddenSize, inner, sizes.Bias));
        }

        IProjections gateAndUp = names.FeedForwardInputs == ProjectionLayout.Separate
            ? Joined(sizes.Bias, config.HiddenSize, (prefix + names.Gate, inner), (prefix + names.Up, inner))
            : new SplitProjections(
                Matrix(prefix + names.Gate, 2 * inner, config.HiddenSize, sizes.Bias), [inner, inner]);
        return new GatedFeedForward(
            sizes.Activation, gateAndUp, Matrix(prefix + names.Down, config.HiddenSize, inner, sizes.Bias));
    }

    private INorm HeadNorm(string name, int heads) => _heads.QueryKeyNorm switch
    {
        QueryKeyNorm.None => new NoNorm(),
        QueryKeyNorm.EachHead => Norm(name, _heads.HeadSize),
        QueryKeyNorm.AllHeads => new WholeRowNorm(Norm(name, (long)heads * _heads.HeadSize)),
        QueryKeyNorm.EachHeadOwnWeights => new HeadwiseNorm(
            config.Norm.Epsilon,
            [.. Enumerable.Range(0, heads).Select(
                head => parameters.Add($"{name}.norms.{head}.weight", [_heads.HeadSize], FreshValue.One))]),
        _ => throw new InvalidOperationException($"unknown normalisation {_heads.QueryKeyNorm}"),
    };

    private Norm Norm(string name, long size)
    {
        var kind = config.Norm.Kind;
        var weight =
            parameters.Add($"{name}.weight", [size], kind == NormKind.RmsPlusOne ? FreshValue.Zero : FreshValue.One);
        var bias = kind == NormKind.Layer ? parameters.Add($"{name}.bias", [size], FreshValue.Zero) : null;
        return Listed(new Norm(name, kind, config.Norm.Epsilon, weight, bias, adapters));
    }

    private Norm Listed(Norm norm)
    {
        _norms.Add(norm);
        return norm;
    }

    private EmbeddingTable Table(string name, long rows) => new(
        name, parameters.Add($"{name}.weight", [rows, config.HiddenSize], FreshValue.Normal),
        parameters.Clock.ComputeType, adapters);

    private Linear Matrix(string name, long rows, long columns, bool bias)
    {
        long[] shape = names.InputMajor ? [columns, rows] : [rows, columns];
        var linear = new Linear(
            name, parameters.Add($"{name}.weight", shape, FreshValue.Normal),
            bias ? parameters.Add($"{name}.bias", [rows], FreshValue.Zero) : null,
            adapters, names.InputMajor);
        _linears.Add(linear);
        return linear;
    }

    private JoinedProjections Joined(bool bias, long columns, params (string Name, long Rows)[] parts)
    {
        var linears = Array.ConvertAll(parts, part => Matrix(part.Name, part.Rows, columns, bias));
        return new JoinedProjections(
            linears,
            parameters.Join(Array.ConvertAll(linears, linear => linear.Weight)),
            bias ? parameters.Join(Array.ConvertAll(linears, linear => linear.Bias!)) : null);
    }
}
