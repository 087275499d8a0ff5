using Hone.Models.Adapters.Kinds;

namespace Hone.Models.Adapters.Building;

/// <summary>Puts adapters of every kind together.</summary>
internal static class AdapterAssembly
{
    /// <summary>What stands before a module's name in files.</summary>
    public const string Prefix = "base_model.model.";

    /// <summary>Asks for the tensors of an adapter and puts its parts in their places.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="config">What it is.</param>
    /// <param name="tokenize">The tokens of a text, for embeddings that begin with one.</param>
    /// <exception cref="CheckpointException">It cannot be put on this model.</exception>
    public static void Build(AdapterBuilder builder, AdapterConfig config, Func<string, int[]> tokenize)
    {
        switch (config)
        {
            case LoraConfig lora:
                LoraAssembly.Build(builder, lora);
                break;
            case AdaLoraConfig adaLora:
                LowRankAssembly.Build(builder, adaLora);
                break;
            case Ia3Config ia3:
                LowRankAssembly.Build(builder, ia3);
                break;
            case VeraConfig vera:
                LowRankAssembly.Build(builder, vera);
                break;
            case LohaConfig loha:
                ProductAssembly.Build(builder, loha);
                break;
            case LokrConfig lokr:
                ProductAssembly.Build(builder, lokr);
                break;
            case OftConfig oft:
                RotationAssembly.Build(builder, oft);
                break;
            case BoftConfig boft:
                RotationAssembly.Build(builder, boft);
                break;
            case NormTuningConfig norms:
                WholeModules.BuildNorms(builder, norms);
                break;
            case CurLoraConfig cur:
                CurAssembly.Build(builder, cur);
                break;
            case PrefixConfig prefix:
                PromptAssembly.Build(builder, prefix);
                break;
            case PromptConfig prompt:
                PromptAssembly.Build(builder, prompt, tokenize);
                break;
            case PTuningConfig encoded:
                PromptAssembly.Build(builder, encoded);
                break;
            case BottleneckConfig bottleneck:
                BottleneckAssembly.Build(builder, bottleneck);
                break;
            default:
                throw new InvalidOperationException($"unknown kind {config.Kind}");
        }

        WholeModules.Build(builder, config);
    }
}
