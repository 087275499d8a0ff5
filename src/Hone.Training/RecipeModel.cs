using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Files;
using Hone.Models.Configuration;
using Hone.Models.Generation;
using Hone.Models.Gguf;
using Hone.Text;
using Hone.Torch;
using Hone.Training.Recipes;
using Hone.Training.Recipes.Adapters;

namespace Hone.Training;

/// <summary>The model and the tokenizer that a recipe names.</summary>
internal static class RecipeModel
{
    /// <summary>Loads the model, or makes a new one. Weights that are not trained are kept in the dtype of
    /// products.</summary>
    /// <exception cref="CheckpointException">It cannot be loaded.</exception>
    /// <exception cref="OptionsException">The tokenizer has ids that the model has no row for.</exception>
    public static ModelFolder Load(Recipe recipe, DType compute)
    {
        if (recipe.Model.Path is { } path)
        {
            if (AdapterFolder.IsAdapter(path))
            {
                throw new OptionsException(
                    $"model.path: {path}: must be a model, is an adapter; name its model here and "
                    + $"\"adapter: {{kind: saved, path: {path}}}\" to train it on, or merge the two first");
            }

            return recipe.Adapter switch
            {
                null => ModelFolder.Load(path, DType.Float32, compute),
                SavedAdapterOptions saved => LoadFrozen(path, [new NamedAdapter(saved.Path)]),
                _ => LoadFrozen(path, []),
            };
        }

        var tokenizer = Hone.Text.Tokenizer.Load(recipe.Model.Tokenizer!);
        var decoder = Decoder.Create(
            Config(recipe.Model.Config!, tokenizer.VocabularySize), (ulong)recipe.Seed, compute);
        int[] stops = tokenizer.EosId is { } end ? [end] : [];
        var folder = File.Exists(recipe.Model.Tokenizer)
            ? Path.GetDirectoryName(recipe.Model.Tokenizer)
            : recipe.Model.Tokenizer;
        return ModelFolder.Of(
            decoder, new GenerationDefaults([.. stops], new SamplingOptions { Temperature = 1 }), folder);

        ModelFolder LoadFrozen(string folder, IReadOnlyList<NamedAdapter> adapters) =>
            ModelFolder.Load(folder, adapters, compute, compute, recipe.Model.ToFourBits());
    }

    /// <summary>What the model is, told without a tensor; null where that needs its weights, as with GGUF and
    /// adapters.</summary>
    /// <exception cref="CheckpointException">It could not be loaded.</exception>
    public static ModelOutline? Outline(Recipe recipe) => recipe.Model.Path switch
    {
        null => ModelOutline.Of(
            Config(recipe.Model.Config!, Hone.Text.Tokenizer.Load(recipe.Model.Tokenizer!).VocabularySize)),
        _ when recipe.Adapter is not null => null,
        { } path => Outline(path),
    };

    /// <summary>What the model is that drafts answers, told without a tensor.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="outline">Null where the recipe has no such model, or where that needs its weights.</param>
    /// <returns>Whether it could be told, or there is none.</returns>
    /// <exception cref="CheckpointException">It could not be loaded.</exception>
    public static bool OutlineDraft(Recipe recipe, out ModelOutline? outline)
    {
        var path = ((recipe.Method as GrpoOptions)?.Speculation as DraftSpeculationOptions)?.Path;
        outline = path is null ? null : Outline(path);
        return path is null || outline is not null;
    }

    private static ModelOutline? Outline(string path) =>
        AdapterFolder.IsAdapter(path) || GgufModel.Find(path) is not null ? null : ModelOutline.Read(path);

    /// <summary>The tokenizer of the recipe, or else that of the model's folder.</summary>
    /// <exception cref="OptionsException">There is none, or it has ids that the model has no row for.</exception>
    public static Tokenizer Tokenizer(Recipe recipe, ModelFolder model) =>
        Tokenizer(recipe, model.Tokenizer, model.Decoder.Config);

    /// <summary>The tokenizer of the recipe, or else the model's own.</summary>
    /// <exception cref="OptionsException">There is none, or it has ids that the model has no row for.</exception>
    public static Tokenizer Tokenizer(Recipe recipe, Tokenizer? own, DecoderConfig config)
    {
        if (recipe.Model.Tokenizer is not { } path)
        {
            return own
                ?? throw new OptionsException(
                    $"{recipe.Model.Path}: the folder must hold a tokenizer, has none; name one with model.tokenizer");
        }

        var tokenizer = Hone.Text.Tokenizer.Load(path);
        var rows = config.VocabularySize;
        return tokenizer.VocabularySize <= rows
            ? tokenizer
            : throw new OptionsException(
                $"{path}: the tokenizer must have at most as many ids as the model's vocabulary, has "
                + $"{tokenizer.VocabularySize} against {rows}; use the tokenizer that the model was trained with");
    }

    /// <summary>The adapter that the recipe trains on a model, switched on; null where it trains the model
    /// itself.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">The model that <see cref="Load"/> gave.</param>
    /// <param name="name">What the adapter's file calls the model.</param>
    /// <param name="tokenizer">The tokenizer, for virtual tokens that begin with a text.</param>
    /// <exception cref="CheckpointException">It cannot be put on this model.</exception>
    /// <exception cref="OptionsException">Its tokens leave too little room in the model's context.</exception>
    public static Adapter? Adapter(Recipe recipe, ModelFolder model, string name, Tokenizer tokenizer)
    {
        const string fresh = "trained";
        var rack = model.Decoder.Adapters;
        switch (recipe.Adapter)
        {
            case null:
                return null;
            case SavedAdapterOptions:
                break; // loaded with the model
            case var options:
                var config = options.ToConfig(model.Decoder.Config, recipe.Updates);
                rack.Add(fresh, Hone.Models.Adapters.Adapter.Create(
                    model.Decoder, config, (ulong)recipe.Seed, tokenizer));
                rack.Activate(fresh);
                break;
        }

        var adapter = rack.Active.Adapters[0].Adapter;
        adapter.SetBaseModel(name);
        var (limit, length) = (model.Decoder.Config.MaxPositions, recipe.Data.MaxLength + adapter.VirtualTokens);
        return adapter.VirtualTokens == 0 || length <= limit
            ? adapter
            : throw new OptionsException(
                $"data.max_length: must leave room for the adapter's {adapter.VirtualTokens} virtual tokens in the "
                + $"model's context of {limit}, got {recipe.Data.MaxLength}");
    }

    /// <summary>The architecture of a new model.</summary>
    public static DecoderConfig Config(NewModelOptions options, int vocabulary)
    {
        var headSize = options.HiddenSize / options.Heads;
        return new DecoderConfig
        {
            ModelType = "llama",
            VocabularySize = vocabulary,
            HiddenSize = options.HiddenSize,
            MaxPositions = options.MaxPositionEmbeddings,
            Attention = new AttentionConfig
            {
                HeadCount = options.Heads,
                KeyValueHeadCount = options.KvHeads ?? options.Heads,
                HeadSize = headSize,
                Scale = Math.Pow(headSize, -0.5),
            },
            FeedForward = new FeedForwardConfig { InnerSize = options.IntermediateSize, Activation = Activation.Silu },
            Norm = new NormConfig(NormKind.Rms, options.RmsNormEps),
            Layers = ValueList.Create<LayerConfig>(new LayerConfig[options.Layers]),
            Rotary = new RotaryConfig(options.RopeTheta, headSize, new RopeScaling.None()),
            TiedHead = options.TieEmbeddings,
            InitialDeviation = options.InitializerRange,
        };
    }
}
