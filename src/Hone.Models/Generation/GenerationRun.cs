namespace Hone.Models.Generation;

/// <summary>Who waits, who grows, who is done: requests come and go between steps.</summary>
internal sealed class GenerationRun : IDisposable
{
    private readonly Decoder _decoder;
    private readonly EngineOptions _options;
    private readonly Func<Func<int, string>>? _openText;
    private readonly GenerationEvents _events;
    private readonly RequestList _requests;
    private readonly PrefixCache _pages;
    private readonly PrefixCache? _ownPages;
    private readonly TokenChooser _chooser;
    private readonly StepLanes _lanes;
    private readonly IDrafter? _drafter;
    private readonly RequestSizes _sizes;
    private readonly RunningCompletions _running;
    private readonly PromptGroups _groups;
    private long _step;
    private GenerationUsage _usage;

    public GenerationRun(
        Decoder decoder, EngineOptions options, Func<Func<int, string>>? openText,
        PrefixCache? pages, GenerationEvents events)
    {
        (_decoder, _options, _openText, _events) = (decoder, options, openText, events);
        _requests = new RequestList(decoder, events);
        _pages = pages ?? (_ownPages = new PrefixCache(decoder, options));
        _pages.Enter();
        _sizes = new RequestSizes(decoder, options, _pages.Pool.Limit);
        _running = new RunningCompletions(_pages);
        _groups = new PromptGroups(_pages, options.PageSize);
        _chooser = new TokenChooser(decoder.Config.VocabularySize);
        _lanes = new StepLanes(decoder, options);
        _drafter = decoder.Rotations.DependOnLength ? null : options.Speculation?.Open(options);
    }

    /// <summary>Whether every request has its completion.</summary>
    public bool IsDone => _requests.Open == 0;

    /// <summary>What has been computed.</summary>
    public GenerationUsage Usage => _usage with
    {
        LeakedPages = IsDone ? _pages.HeldPages : 0,
        Preemptions = _running.Preemptions,
        DraftModelTokens = _drafter?.ComputedTokens ?? 0,
    };

    /// <summary>The completions so far, in the order in which requests came; null for those that have not
    /// ended.</summary>
    public IReadOnlyList<Completion?> Results => _requests.Results;

    /// <summary>Takes requests that can be honoured.</summary>
    /// <exception cref="CheckpointException">The cache is too small for one of them even by itself; none is taken
    /// then.</exception>
    public void Submit(IReadOnlyList<GenerationRequest> requests)
    {
        foreach (var request in requests)
        {
            _sizes.Check(request);
        }

        _requests.Join();
        _pages.Prepare(requests.Take(_options.MaxBatch).Sum(request => (long)_sizes.Pages(request)));
        foreach (var request in requests)
        {
            _groups.Add(_requests.Add(), request, _decoder.Adapters.Find(request.Adapter));
            _usage = _usage with { RequestedTokens = _usage.RequestedTokens + request.Prompt.Length };
        }
    }

    /// <summary>Starts what there is room for, computes one pass and chooses the next token of each
    /// completion.</summary>
    public void Step()
    {
        _requests.CheckWeights();
        _step = _pages.NextStep();
        _running.Resume(_step);
        StartCompletions();
        _drafter?.Draft([.. _running.Where(completion => completion.Uncached.Length == 1)]);
        AddPrompts(AddGrowing(_options.PrefillTokens));
        if (_lanes.Tokens == 0)
        {
            return;
        }

        _usage = _usage with { Passes = _usage.Passes + 1, PeakPages = Math.Max(_usage.PeakPages, _pages.Pool.Live) };
        _lanes.Run(_pages.Memory, Accept);
        foreach (var completion in _running.Where(completion => completion.Draft.Count > 0))
        {
            Settle(completion);
        }

        _running.RemoveEnded();
        _pages.Trim();
    }

    /// <summary>Forgets all beginnings of texts that are in the cache.</summary>
    public void ForgetRemembered() => _pages.Clear();

    /// <summary>Ends a request that has not ended, with what it has.</summary>
    public void Abort(int index)
    {
        if (_running.Remove(index) is { } started)
        {
            End(started);
        }
        else if (_groups.Remove(index))
        {
            _requests.End(index, new Completion([], [], FinishReason.Abort, _requests.WeightVersion));
        }
    }

    public void Dispose()
    {
        _groups.Forget();
        _running.Forget();
        _drafter?.Dispose();
        _lanes.Dispose();
        _pages.Leave();
        _ownPages?.Dispose();
    }

    // Completions whose prompt is computed, as far as batch and memory have room.
    private void StartCompletions()
    {
        foreach (var group in _groups.Where(group => group.Logits is not null))
        {
            while (group.Waiting is [var (index, request), ..] && _running.Count < _options.MaxBatch
                && !_running.HasPaused
                && (_pages.HasRoom(_running.Count + 1) || (_running.Count == 0 && MakeRoom(1, null, group))))
            {
                group.Waiting.RemoveAt(0);
                var nextText = request.Options.StopStrings.Count > 0 ? _openText!() : null;
                var completion =
                    new RunningCompletion(index, request, group.Row.Fork(), _sizes.NewTokenLimit(request), nextText)
                    {
                        Adapters = group.Adapters,
                        IsShareable = _sizes.IsShareable(group.Adapters),
                    };
                _running.Start(completion);
                _chooser.Add(completion, row: 0, ahead: 0);
            }

            _chooser.Choose(group.Logits!, Accept);
        }

        _running.RemoveEnded();
        _groups.RemoveEmpty();
    }

    // The next token of each completion; of those that go on after a pause all that is to be computed again, within the
    // budget, which is returned less of it.
    private int AddGrowing(int budget)
    {
        foreach (var completion in _running.ToArray())
        {
            // Where angles change with the length of a sequence as a whole, what is stored no longer fits and is
            // computed again.
            if (_decoder.Rotations.ChangeAt(completion.Length) && completion.Uncached.Length == 1)
            {
                completion.Row.Clear();
            }

            var uncached = completion.Uncached.Length;
            var count = uncached == 1 ? 1 : Math.Min(uncached, budget);
            if (count == 0 || !_running.Contains(completion))
            {
                continue;
            }

            if (!MakeRoom(completion.PagesFor(count), completion, null))
            {
                _running.Pause(completion, _step);
                continue;
            }

            if (!_pages.HasRoom(completion.PagesFor(count + completion.Draft.Count)))
            {
                completion.Propose([]);
            }

            _lanes.Of(completion.Adapters).Add(completion, count);
            if (uncached > 1)
            {
                budget -= count;
            }

            var once = count == uncached ? 1 : 0; // the last token has not been computed before
            _usage = _usage with
            {
                GrownTokens = _usage.GrownTokens + once,
                RecomputedTokens = _usage.RecomputedTokens + count - once,
            };
        }

        return budget;
    }

    // Pieces of prompts within the budget, after what is in the cache of them.
    private void AddPrompts(int budget)
    {
        var promised = _groups.Promised;
        foreach (var group in _groups.Where(group => group.Logits is null))
        {
            var begins = group.Row.Length == 0;
            if (budget == 0 || (begins && (_running.HasPaused || _running.Count + promised >= _options.MaxBatch)))
            {
                return;
            }

            if (begins && _sizes.IsShareable(group.Adapters))
            {
                var known = _pages.Begin(group.Row, group.Adapters, group.Prompt.AsSpan()[..^1], _step);
                _usage = _usage with { CachedTokens = _usage.CachedTokens + known };
            }

            var count = Math.Min(budget, group.Prompt.Length - group.Computed);
            var needed = group.PagesFor(count);
            if (!_pages.HasRoom(needed + _running.Count)
                && !(_running.Count == 0 && _lanes.Tokens == 0 && MakeRoom(needed, null, group)))
            {
                return;
            }

            _lanes.Of(group.Adapters).Add(group, count);
            _usage = _usage with { PromptTokens = _usage.PromptTokens + count };
            promised += begins ? group.Waiting.Count : 0;
            budget -= count;
            if (_sizes.IsShareable(group.Adapters))
            {
                _pages.Index.Add(
                    group.Adapters, group.Prompt.AsSpan(0, group.Computed), group.Row.Pages, withLast: false, _step);
            }
        }
    }

    // Pages for a completion that grows or a prompt that starts: younger completions give way, then prompts whose
    // completions wait.
    private bool MakeRoom(int pages, RunningCompletion? grows, PromptGroup? starts)
    {
        while (!_pages.HasRoom(pages))
        {
            if (grows is not null && _running.PauseOneAfter(grows, _step))
            {
                continue;
            }

            if (!_groups.ForgetOne(starts))
            {
                return false;
            }
        }

        return true;
    }

    private void Accept(RunningCompletion completion, SampledToken chosen)
    {
        completion.Accept(chosen);
        _usage = _usage with { NewTokens = _usage.NewTokens + 1 };
        _events.Chosen?.Invoke(completion.Index, chosen);
        if (completion.Reason is not null)
        {
            End(completion);
        }
    }

    private void Settle(RunningCompletion completion)
    {
        var (drafted, right) = completion.Settle();
        _usage = _usage with
        {
            DraftedTokens = _usage.DraftedTokens + drafted,
            AcceptedTokens = _usage.AcceptedTokens + right,
        };
    }

    private void End(RunningCompletion completion)
    {
        Settle(completion);
        if (_ownPages is null && completion.IsShareable)
        {
            _pages.Index.Add(completion.Adapters, completion.Tokens[..completion.Row.Length], completion.Row.Pages,
                withLast: true, _step);
        }

        completion.Row.Clear();
        _requests.End(completion.Index, completion.Result(_requests.WeightVersion));
    }
}
