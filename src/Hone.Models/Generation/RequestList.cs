namespace Hone.Models.Generation;

/// <summary>The requests of a session in the order in which they came, and the completions of those that have
/// ended.</summary>
/// <param name="decoder">The model; its weights stay while requests are open.</param>
/// <param name="events">What to tell of the ends.</param>
internal sealed class RequestList(Decoder decoder, GenerationEvents events)
{
    private readonly List<Completion?> _results = [];

    /// <summary>The completions; null for requests that have not ended.</summary>
    public IReadOnlyList<Completion?> Results => _results;

    /// <summary>Requests that have not ended.</summary>
    public int Open { get; private set; }

    /// <summary>The version of the weights that the open requests are generated with.</summary>
    public long WeightVersion { get; private set; }

    /// <summary>Sees to it that requests may come: where none is open, the weights are those of now.</summary>
    /// <exception cref="InvalidOperationException">The weights have changed under open requests.</exception>
    public void Join()
    {
        WeightVersion = Open == 0 ? decoder.WeightVersion : WeightVersion;
        CheckWeights();
    }

    /// <summary>Holds that the weights are those that the open requests began with.</summary>
    /// <exception cref="InvalidOperationException">They have changed.</exception>
    public void CheckWeights()
    {
        if (decoder.WeightVersion != WeightVersion)
        {
            throw new InvalidOperationException(
                $"generation: the weights of a session must stay while requests are open, {Open} are; end or abort "
                    + "them first");
        }
    }

    /// <summary>Takes a request; gives its place.</summary>
    public int Add()
    {
        _results.Add(null);
        Open++;
        return _results.Count - 1;
    }

    /// <summary>Ends a request.</summary>
    public void End(int index, Completion result)
    {
        _results[index] = result;
        Open--;
        events.Ended?.Invoke(index, result);
    }
}
