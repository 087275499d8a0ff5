using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Checkpoints;
using Hone.Torch;

namespace Hone.Conformance.Checks.Models;

/// <summary>Unusual files of a model: stored types, shards, ties, extra tensors, odd layouts.</summary>
public sealed class ModelFileCheck : ICheck
{
    private static readonly string[] Float32Results = ["logits_float32_arithmetic", "logits_of_the_library"];

    public string Area => "models";

    public IReadOnlyList<string> Kinds => ["files:file"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        using var model = ModelFolder.Load(golden.Beside("."));
        var batch = TokenBatch.Of([.. golden.Inputs["ids"].Items.Select(id => (int)id.Whole)]);
        var logits = model.Decoder.Head.Logits(model.Decoder.Hidden(batch)).ToArray<double>();

        var (file, name) = Expected(golden);
        using var expected = SafetensorsFile.Open(file);
        findings.Close(name, expected.Load(name).ToArray<double>(), logits, new Tolerance(1e-5, OfLargest: true));
    }

    // A file whose logits are those of the model it was made from has none of its own.
    private static (string File, string Name) Expected(GoldenCase golden)
    {
        const string fileName = "expected.safetensors";
        var own = golden.Beside(fileName);
        if (!File.Exists(own))
        {
            return (golden.Folders.InArea(Path.Combine("checkpoints", golden.Record["made_from"].Text, fileName)),
                "logits.0");
        }

        var header = SafetensorsHeader.Read(own);
        return (own, Array.Find(Float32Results, name => header.Find(name) is not null)
            ?? throw new GoldenException($"{own}: must hold one of {string.Join(", ", Float32Results)}"));
    }
}
