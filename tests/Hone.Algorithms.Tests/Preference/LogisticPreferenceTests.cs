using Hone.Torch;

namespace Hone.Algorithms.Tests.Preference;

public sealed class LogisticPreferenceTests
{
    [Fact]
    public void The_term_is_the_log_sigmoid_of_how_much_more_the_chosen_answer_has_gained()
    {
        // β = 0.5, Δ = 2 − (−2) = 4 and 0: −log σ(2) = log(1 + e⁻²) = 0.126928, −log σ(0) = log 2
        using var scope = TensorScope.Open();
        var terms = new LogisticPreference(0.5).Compute(new LogRatios(Tensor.Of(2.0, 1.0), Tensor.Of(-2.0, 1.0)));

        Assert.Equal([0.126928, 0.693147], terms.ToArray<double>(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void Smoothing_takes_a_share_of_the_labels_to_be_flipped()
    {
        // βΔ = 2: 0.9·0.126928 + 0.1·log(1 + e²) = 0.9·0.126928 + 0.1·2.126928 = 0.326928
        using var scope = TensorScope.Open();
        var terms = new LogisticPreference(0.5, Smoothing: 0.1).Compute(new LogRatios(Tensor.Of(2.0), Tensor.Of(-2.0)));

        Assert.Equal(0.326928, terms.Item(), AbsoluteTolerance.Of(1e-6));
    }

    [Fact]
    public void The_gradient_pulls_the_answers_apart_by_how_wrong_the_model_is()
    {
        // d/dx(chosen) −log σ(βΔ) = −β·σ(−βΔ): β = 0.5, βΔ = −1 → −0.5·σ(1) = −0.365529
        using var scope = TensorScope.Open();
        var (chosen, rejected) = (Leaf(-1), Leaf(1));

        new LogisticPreference(0.5).Compute(new LogRatios(chosen, rejected)).Sum().Backward();

        Assert.Equal(-0.365529, chosen.Grad!.Item(), AbsoluteTolerance.Of(1e-6));
        Assert.Equal(0.365529, rejected.Grad!.Item(), AbsoluteTolerance.Of(1e-6));
    }

    private static Tensor Leaf(double value)
    {
        var leaf = Tensor.Of(value);
        leaf.RequiresGrad = true;
        return leaf;
    }
}
