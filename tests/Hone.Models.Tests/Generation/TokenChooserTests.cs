using Hone.Models.Generation;
using Hone.Torch;

namespace Hone.Models.Tests.Generation;

public sealed class TokenChooserTests
{
    [Fact]
    public void Logits_are_not_read_where_nobody_asks()
    {
        using var scope = TensorScope.Open();
        var logits = Tensor.Zeros(DType.Int64, 1, 4);

        new TokenChooser(vocabularySize: 4).Choose(logits, (_, _) => Assert.Fail("nobody asked"));

        // Whoever did would be told that these are no logits.
        Assert.Throws<TorchException>(() => Fused.Sample(logits, new TokenChoices()));
    }
}
