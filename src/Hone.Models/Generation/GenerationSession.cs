using Hone.Torch;

namespace Hone.Models.Generation;

/// <summary>An engine at work: requests come and are called off between steps.</summary>
/// <remarks>For one thread, the one that talks to libtorch; not to be called from its own events.</remarks>
public sealed class GenerationSession : IDisposable
{
    private readonly GenerationEngine _engine;
    private readonly GenerationRun _run;

    internal GenerationSession(GenerationEngine engine, GenerationRun run) => (_engine, _run) = (engine, run);

    /// <summary>Whether every request has its completion.</summary>
    public bool IsIdle => _run.IsDone;

    /// <summary>What has been computed.</summary>
    public GenerationUsage Usage => _run.Usage;

    /// <summary>The completions in the order in which requests came; null for those that have not ended.</summary>
    public IReadOnlyList<Completion?> Completions => _run.Results;

    /// <summary>Takes requests; they join the next step that has room.</summary>
    /// <param name="requests">What to generate.</param>
    /// <returns>The number of the first; the others follow.</returns>
    /// <exception cref="CheckpointException">One of them cannot be honoured; none is taken then.</exception>
    public int Submit(params IReadOnlyList<GenerationRequest> requests)
    {
        _engine.Check(requests);
        var first = _run.Results.Count;
        _run.Submit(requests);
        return first;
    }

    /// <summary>Computes one pass: the next token of each completion, and pieces of prompts.</summary>
    /// <exception cref="CheckpointException">The model gives no numbers, or a request's options ban all
    /// tokens.</exception>
    public void Step()
    {
        using var scope = TensorScope.Open();
        using var noGrad = Autograd.NoGrad();
        try
        {
            _run.Step();
        }
        catch
        {
            _run.ForgetRemembered(); // pages of a pass that broke off hold nothing
            throw;
        }
    }

    /// <summary>Ends a request, if it has not ended, with <see cref="FinishReason.Abort"/> and what it has; its pages
    /// are free at once.</summary>
    /// <param name="number">The number that <see cref="Submit"/> gave it.</param>
    public void Abort(int number) => _run.Abort(number);

    /// <summary>Ends all requests that have not ended.</summary>
    public void AbortAll()
    {
        for (var i = 0; i < _run.Results.Count && !_run.IsDone; i++)
        {
            _run.Abort(i);
        }
    }

    /// <summary>Frees the cache, unless it is the engine's own to keep.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _engine.Close();
    }
}
