using Hone.Data;
using Hone.Training.Methods;

namespace Hone.Training.Tests.Methods;

public sealed class ExampleSetTests
{
    [Fact]
    public void Each_step_goes_on_where_the_one_before_ended()
    {
        var set = new ExampleSet([], new DataOrder(5, seed: 1, shuffle: false));

        Assert.Equal([0, 1, 2], set.RowsOfStep(1, 3));
        Assert.Equal([3, 4, 0], set.RowsOfStep(2, 3));
        Assert.Equal([1, 2, 3], set.RowsOfStep(3, 3));
    }

    [Fact]
    public void Each_epoch_of_a_shuffled_order_has_every_row_once()
    {
        var set = new ExampleSet([], new DataOrder(7, seed: 1, shuffle: true));
        var rows = Enumerable.Range(1, 7).SelectMany(step => set.RowsOfStep(step, 3)).ToArray();

        var epochs = rows.Chunk(7).ToArray();

        Assert.All(epochs, epoch => Assert.Equal([0, 1, 2, 3, 4, 5, 6], epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
    }
}
