using Hone.Models.Configuration;

namespace Hone.Models.Generation;

/// <summary>Where drafts of the next tokens come from, which one pass of the model then checks.</summary>
/// <remarks>
/// Each position of a draft is sampled with the draw of its own address; the draft counts as far as it says the same.
/// So the tokens are those without speculation, and with them their distribution. The scheme of arXiv:2211.17192
/// accepts more of a draft, but its tokens depend on the draft.
/// </remarks>
public abstract record Speculation
{
    private Speculation()
    {
    }

    /// <summary>Tokens of a draft, from 1 to 64. More are checked in one pass, but the last ones are seldom
    /// right.</summary>
    public int DraftTokens { get; init; } = 4;

    /// <summary>Begins to guess, for a run of an engine with these options.</summary>
    internal abstract IDrafter Open(EngineOptions options);

    /// <summary>What followed the last tokens where they stood before in the text (prompt lookup, as in LLMA,
    /// arXiv:2304.04487).</summary>
    public sealed record Lookup : Speculation
    {
        /// <summary>The longest run of last tokens to look for, at least 1; shorter ones are looked for where it is not
        /// found.</summary>
        public int LongestRun { get; init; } = 3;

        internal override IDrafter Open(EngineOptions options) => new LookupDrafter(this);
    }

    /// <summary>What a smaller model with the same vocabulary says.</summary>
    /// <param name="Model">The smaller model; the caller owns it.</param>
    public sealed record Draft(Decoder Model) : Speculation
    {
        /// <summary>How the draft model's weights are kept; few bits make drafts faster and change no result.</summary>
        public GenerationWeights Weights { get; init; }

        /// <summary>Keeps what the draft model has computed for later runs, as <see cref="CreateCache"/> makes it; the
        /// caller disposes of it. Null: each run begins with nothing.</summary>
        public PrefixCache? Prefixes { get; init; }

        /// <summary>A cache for <see cref="Prefixes"/> of engines with these options.</summary>
        public PrefixCache CreateCache(EngineOptions options) => new(Model, Own(options));

        /// <summary>Refuses a draft that speaks of other tokens than the model.</summary>
        /// <param name="model">The model.</param>
        /// <param name="draft">The smaller model.</param>
        /// <exception cref="CheckpointException">The draft has another vocabulary, or predicts no tokens.</exception>
        public static void RequireVocabulary(DecoderConfig model, DecoderConfig draft)
        {
            if (draft.VocabularySize != model.VocabularySize || draft.Labels is not null)
            {
                var found = draft.Labels is null ? $"{draft.VocabularySize} tokens" : "a head that scores labels";
                throw new CheckpointException(
                    $"generation engine: a draft model must predict the {model.VocabularySize} tokens of the model's "
                        + $"vocabulary, this one has {found}; take a smaller model of the same family");
            }
        }

        internal override IDrafter Open(EngineOptions options) =>
            new ModelDrafter(Model, DraftTokens, Own(options), Prefixes);

        private EngineOptions Own(EngineOptions options) => options with
        {
            Path = GenerationPathChoice.Auto,
            Weights = Weights,
            Cache = GenerationCache.Compute,
        };
    }
}
