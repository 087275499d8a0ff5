using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Adapters.Kinds;
using Hone.Torch;

namespace Hone.Conformance.Checks.Adapters;

/// <summary>Which rows of the embedding virtual tokens begin with that begin with a text.</summary>
public sealed class InitialTextCheck : ICheck
{
    public string Area => "adapters";

    public IReadOnlyList<string> Kinds => ["inits/prompt_text"];

    public void Run(GoldenCase golden, Findings findings)
    {
        const string real = "real/";
        using var scope = TensorScope.Open();
        var path = golden.Record["model"].Text;
        using var model = ModelFolder.Load(
            golden.Folders.Fixture(path[(path.LastIndexOf(real, StringComparison.Ordinal) + real.Length)..]));
        var embedding = model.Decoder.Parameters["model.embed_tokens.weight"];
        foreach (var row in golden.Record["rows"].Items)
        {
            var config = new PromptConfig
            {
                VirtualTokens = (int)row["num_virtual_tokens"].Whole,
                Initial = PromptInitial.Text,
                Text = row["text"].Text,
            };
            findings.SameList(
                row["tokenizer_ids"].At,
                [.. row["tokenizer_ids"].Numbers.Select(id => (int)id)],
                model.Tokenizer!.EncodeIds(row["text"].Text));
            using var adapter = Adapter.Create(model.Decoder, config, seed: 1, model.Tokenizer);
            long[] used = [.. row["ids_used"].Numbers.Select(id => (long)id)];
            findings.SameList(
                row["ids_used"].At,
                embedding.IndexSelect(0, Tensor.From<long>(used, used.Length)).ToArray<float>(),
                adapter.Parameters.Values.Single().ToArray<float>());
        }
    }
}
