using Hone.Models.Adapters.Combining;
using Hone.Torch;

namespace Hone.Models.Tests.Adapters.Combining;

public sealed class TaskVectorsTests
{
    [Theory]
    [InlineData(0.5, new[] { 0f, -4, 3, 0 })]
    [InlineData(0.3, new[] { 0f, -4, 0, 0 })] // 1.2 numbers: one
    [InlineData(1, new[] { 1f, -4, 3, -2 })]
    public void Pruning_keeps_the_largest(double density, float[] kept)
    {
        using var scope = TensorScope.Open();

        Assert.Equal(kept, TaskVectors.Prune(Tensor.Of(1f, -4, 3, -2), density).ToArray<float>());
    }

    [Fact]
    public void Only_numbers_with_the_sign_of_the_majority_are_averaged()
    {
        // Sums 1 − 3 + 1, 2 + 2 − 1, 0: signs −, +, + by magnitude. Agreeing: −3 alone; 2 and 2; none.
        // Weighted 1, 2, 3 and over their number: −3·2/1, (2·1 + 2·2)/2, 0.
        // By number the first is + (two of three): (1·1 + 1·3)/2.
        using var scope = TensorScope.Open();
        Tensor[] tensors = [Tensor.Of(1f, 2, 0), Tensor.Of(-3f, 2, 0), Tensor.Of(1f, -1, 0)];

        var total = TaskVectors.Elect(tensors, [1, 2, 3], byMagnitude: true).ToArray<float>();
        var frequency = TaskVectors.Elect(tensors, [1, 2, 3], byMagnitude: false).ToArray<float>();

        Assert.Equal([-6f, 3, 0], total);
        Assert.Equal([2f, 3, 0], frequency);
    }
}
