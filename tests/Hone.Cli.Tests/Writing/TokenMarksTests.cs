using Hone.Cli.Writing;
using Hone.Data;
using Hone.Text;

namespace Hone.Cli.Tests.Writing;

public sealed class TokenMarksTests : IDisposable
{
    private static readonly ExamplePreview Preview = new(
        new TrainingExample([256, 'a', 'b', 257], [false, false, true, true]), [new("prompt", 0), new("answer", 2)]);

    private readonly ScratchFolder _scratch = new();

    public TokenMarksTests() => TinyTokenizer.Write(_scratch.Path);

    [Fact]
    public void Without_colours_trained_tokens_stand_between_marks() => Assert.Equal(
        ["  prompt  <s>|a", "  answer  «b|</s>»"], Marks(inColor: false).Lines(Preview));

    [Fact]
    public void In_colours_trained_tokens_are_green_and_special_ones_cyan_or_bold()
    {
        const string bar = "\u001b[2m|\u001b[0m";

        Assert.Equal(
            [
                $"  \u001b[2mprompt\u001b[0m  \u001b[36m<s>\u001b[0m{bar}a\u001b[0m",
                $"  \u001b[2manswer\u001b[0m  \u001b[32mb\u001b[0m{bar}\u001b[1;32m</s>\u001b[0m",
            ],
            Marks(inColor: true).Lines(Preview));
    }

    public void Dispose() => _scratch.Dispose();

    private TokenMarks Marks(bool inColor) => new(Tokenizer.Load(_scratch.Path), inColor);
}
