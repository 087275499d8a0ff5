namespace Hone.Algorithms;

/// <summary>How much better a sample is than the others of its prompt: the group takes the place of a value
/// model.</summary>
/// <remarks>
/// GRPO, arXiv:2402.03300, section 4.1.2: Aᵢ = (rᵢ − mean(r)) / std(r) over the samples of one prompt. Without the
/// division as in Dr. GRPO, arXiv:2503.20783, section 3.2. Several rewards normalised one by one as in GDPO,
/// arXiv:2601.05242, section 3. What we changed: deviations are unbiased and get 10⁻⁴ added; a reward that does not
/// apply (NaN) takes part in no mean and no deviation; a sample without any reward, and one whose group has no
/// deviation because nobody else has a reward, get 0.
/// </remarks>
public static class GroupAdvantage
{
    private const double Epsilon = 1e-4;

    /// <summary>Sums the rewards of each sample, then normalises the sums.</summary>
    /// <param name="rewards">The rewards, groups one after the other.</param>
    /// <param name="groupSize">Samples a prompt.</param>
    /// <param name="scale">What the centred sums are divided by.</param>
    /// <exception cref="ArgumentException">The samples do not fill groups of that size.</exception>
    public static GroupAdvantages Compute(RewardTable rewards, int groupSize, AdvantageScale scale)
    {
        RequireWholeGroups(rewards, groupSize);

        // Aᵢ = (Rᵢ − mean_g(R)) / (σ + ε),   σ = std_g(R), std(R) or nothing
        var totals = rewards.Totals();                                              // [sample]
        var advantages = new double[totals.Length];                                 // [sample]
        var batch = DeviationOf(Spread.Of(totals), totals.Length);
        var withoutSpread = 0;
        for (var start = 0; start < totals.Length; start += groupSize)
        {
            var group = totals.AsSpan(start, groupSize);                            // [group]
            var spread = Spread.Of(group);
            var deviation = scale == AdvantageScale.Batch ? batch : DeviationOf(spread, groupSize);
            withoutSpread += deviation <= Spread.Negligible ? groupSize : 0;
            var divisor = scale == AdvantageScale.None ? 1 : deviation + Epsilon;
            for (var i = 0; i < groupSize; i++)
            {
                advantages[start + i] = OrZero((group[i] - spread.Mean) / divisor);
            }
        }

        return new GroupAdvantages(advantages, totals, new MeanParts(withoutSpread, totals.Length));
    }

    /// <summary>Normalises each reward in its group, sums, then normalises the sums over the batch (GDPO).</summary>
    /// <inheritdoc cref="Compute"/>
    public static GroupAdvantages NormalizeThenSum(RewardTable rewards, int groupSize)
    {
        RequireWholeGroups(rewards, groupSize);

        // zₖ = (rₖ − mean_g(rₖ)) / (std_g(rₖ) + ε),   s = Σₖ wₖ·zₖ,   A = (s − mean(s)) / (std(s) + ε)
        var scores = new double[rewards.Samples * rewards.Rewards];                 // [sample, reward]
        for (var reward = 0; reward < rewards.Rewards; reward++)
        {
            var column = rewards.Column(reward);                                    // [sample]
            for (var start = 0; start < column.Length; start += groupSize)
            {
                var group = column.AsSpan(start, groupSize);                        // [group]
                var spread = Spread.Of(group);
                for (var i = 0; i < groupSize; i++)
                {
                    scores[((start + i) * rewards.Rewards) + reward] =
                        (group[i] - spread.Mean) / (DeviationOf(spread, groupSize) + Epsilon);
                }
            }
        }

        var sums = rewards.WeightedSums(scores);                                    // [sample]
        var whole = Spread.Of(sums);
        var deviation = DeviationOf(whole, sums.Length);
        var advantages = sums.Select(sum => OrZero((sum - whole.Mean) / (deviation + Epsilon)));
        var withoutSpread = deviation <= Spread.Negligible ? sums.Length : 0;
        return new GroupAdvantages([.. advantages], rewards.Totals(), new MeanParts(withoutSpread, sums.Length));
    }

    /// <summary>A group of one has deviation 0; a group in which only one sample has a reward has none.</summary>
    private static double DeviationOf(Spread spread, int samples) => samples == 1 ? 0 : spread.Deviation;

    private static double OrZero(double advantage) => double.IsNaN(advantage) ? 0 : advantage;

    private static void RequireWholeGroups(RewardTable rewards, int groupSize)
    {
        if (groupSize < 1 || rewards.Samples % groupSize != 0)
        {
            throw new ArgumentException(
                $"groupSize: {rewards.Samples} samples must fill groups, found a group size of {groupSize}");
        }
    }
}
