using Hone.Models;
using Hone.Models.Configuration;
using Hone.Models.Gguf;
using Hone.Text.Gguf;

namespace Hone.Fuzz.Targets;

/// <summary>The model of a GGUF file: its keys, its table of tensors, its blocks.</summary>
internal sealed class GgufModelTarget : ITarget
{
    public string Name => "gguf-model";

    public string FileName => "model.gguf";

    public IEnumerable<byte[]> Seeds(string tests) => [Written(GgmlType.F16, "llama"), Written(GgmlType.Q40, "qwen2")];

    public long Read(string path)
    {
        using var model = ModelFolder.Load(path);
        return model.Decoder.Parameters.Values.Sum(weight => weight.Count) * sizeof(float);
    }

    private static byte[] Written(GgmlType type, string family)
    {
        var config = new DecoderConfig
        {
            ModelType = family,
            VocabularySize = 8,
            HiddenSize = 32,
            MaxPositions = 16,
            Attention = new AttentionConfig
            {
                HeadCount = 2,
                KeyValueHeadCount = 1,
                HeadSize = 16,
                Scale = 0.25,
                InputBias = family == "qwen2",
            },
            FeedForward = new FeedForwardConfig { InnerSize = 32, Activation = Activation.Silu },
            Norm = new NormConfig(NormKind.Rms, 1e-5),
            Layers = [default],
            Rotary = new RotaryConfig(10000, 16, new RopeScaling.None()),
            TiedHead = true,
        };
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".gguf");
        try
        {
            using var decoder = Decoder.Create(config, seed: 1);
            GgufModelWriter.Write(path, decoder, type, "tiny", new Dictionary<string, GgufValue>());
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
