namespace Hone.Models.Configuration;

/// <summary>What must hold between the sizes of a decoder.</summary>
public static class DecoderConfigRules
{
    /// <summary>Every contradiction, in words; empty for a configuration that can be built.</summary>
    /// <param name="config">The configuration.</param>
    public static IEnumerable<string> Problems(DecoderConfig config)
    {
        var attention = config.Attention;
        if (attention.KeyValueHeadCount > attention.HeadCount || attention.HeadCount % attention.KeyValueHeadCount != 0)
        {
            yield return $"the {attention.HeadCount} attention heads must be a multiple of the key-value heads, there "
                + $"are {attention.KeyValueHeadCount}";
        }

        if (attention.HeadSize < 1)
        {
            yield return $"the hidden size must be at least the number of heads, it is {config.HiddenSize} for "
                + $"{attention.HeadCount} heads";
        }

        if (config.Rotary is { } rotary
            && (rotary.Dimensions % 2 != 0 || rotary.Dimensions > attention.HeadSize || rotary.Dimensions < 2))
        {
            yield return "rotary positions need an even number of dimensions up to the head size "
                + $"{attention.HeadSize}, got {rotary.Dimensions}";
        }

        if (config.Rotary?.Scaling is RopeScaling.Long longRope
            && (longRope.ShortDivisors.Count != config.Rotary.Dimensions / 2
                || longRope.LongDivisors.Count != config.Rotary.Dimensions / 2))
        {
            yield return $"longrope must have a factor for each of {config.Rotary.Dimensions / 2} frequencies, "
                + $"there are {longRope.ShortDivisors.Count} short and {longRope.LongDivisors.Count} long ones";
        }

        if (config.Experts is { } experts && (experts.PerToken > experts.Count || experts.Count % experts.Groups != 0
            || experts.GroupsPerToken > experts.Groups
            || experts.PerToken > experts.Count / experts.Groups * experts.GroupsPerToken
            || (experts.Groups > 1 && experts.GroupScores > experts.Count / experts.Groups)))
        {
            yield return $"a token's {experts.PerToken} experts must fit the {experts.Count} there are in "
                + $"{experts.Groups} groups, of which it may use {experts.GroupsPerToken}";
        }

        if (config.Attention.Latent is { } latent && latent.ValueSize > config.Attention.HeadSize)
        {
            yield return $"value heads must not be larger than the {config.Attention.HeadSize} of query and key "
                + $"heads, they have {latent.ValueSize}";
        }
    }
}
