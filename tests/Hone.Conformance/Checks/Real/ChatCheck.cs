using Hone.Conformance.Checking;
using Hone.Conformance.Goldens;
using Hone.Text;

namespace Hone.Conformance.Checks.Real;

/// <summary>Conversations laid out by the model's own template, as text and as ids.</summary>
public sealed class ChatCheck : ICheck
{
    public string Area => GoldenArea.Real;

    public IReadOnlyList<string> Kinds => ["chat"];

    public void Run(GoldenCase golden, Findings findings)
    {
        var folder = RealModel.Folder(golden);
        var tokenizer = Tokenizer.Load(folder);
        var template = ChatTemplates.For(folder, tokenizer, TimeProvider.System);
        foreach (var record in RealModel.Records(golden))
        {
            Message[] messages = [.. record["messages"].Items.Select(
                turn => new Message(turn["role"].Text, turn["content"].Text))];
            foreach (var (name, prompted) in new[] { ("without", false), ("with", true) })
            {
                var expected = record[$"{name}_generation_prompt"];
                var text = template.Render(messages, prompted);
                var at = $"{record["name"].Text}.{expected.At}";
                findings.Same($"{at}.text", expected["text"].Text, text);
                findings.SameList(
                    $"{at}.ids", RealModel.Ids(expected["ids"]), tokenizer.EncodeIds(text, addSpecialTokens: false));
            }
        }
    }
}
